package dev.pgmap.shell.p2pdma;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code p2pdma unplug}. */
@CommandLine.Command(
    name = "unplug",
    description = "Take a device away; waits until nobody has a page of it.")
final class Unplug implements Command {
  private final Console console;

  @Parameters(paramLabel = "DEVICE", description = "As p2pdma list names it.")
  private String name = "";

  Unplug(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    console.machine().p2pBus().unplug(name);
    return Exit.OK;
  }
}
