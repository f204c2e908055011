package dev.pgmap.shell.module;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code rmmod}. */
@CommandLine.Command(
    name = "rmmod",
    description = "Unload a plugin; refused while a device is bound to it.")
public final class Rmmod implements Command {
  private final Console console;

  @Parameters(paramLabel = "MODULE", description = "As lsmod lists it.")
  private String name = "";

  /** On that console. */
  public Rmmod(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    new ModuleGroup(console.session().lab(), name).unload();
    return Exit.OK;
  }
}
