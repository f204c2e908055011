package dev.pgmap.shell.fs;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code umount}. */
@CommandLine.Command(
    name = "umount",
    description = "Unmount; where this kernel does so, waits until nobody holds a page of a file.")
public final class Umount implements Command {
  private final Console console;

  @Parameters(paramLabel = "WHERE", arity = "1..*", description = "Directories or devices.")
  private List<String> places = List.of();

  /** On that console. */
  public Umount(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    places.forEach(place -> console.machine().filesystems().unmount(console.resolve(place)));
    return Exit.OK;
  }
}
