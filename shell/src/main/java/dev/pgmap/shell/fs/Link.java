package dev.pgmap.shell.fs;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ln}: hard links. */
@CommandLine.Command(name = "ln", description = "Give a file a second name.")
public final class Link implements Command {
  private final Console console;

  @Parameters(index = "0", paramLabel = "FILE")
  private String from = "";

  @Parameters(index = "1", paramLabel = "NAME")
  private String to = "";

  /** On that console. */
  public Link(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    MountedPath source = MountedPath.of(console, from);
    MountedPath target = MountedPath.of(console, to).orInside(source.name());
    source.checkSameMount(target);
    source.filesystem().link(source.path(), target.path());
    return Exit.OK;
  }
}
