package dev.pgmap.shell.machine;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.format.JsonText;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code machine}: what the machine is made of. */
@CommandLine.Command(
    name = "machine",
    description = "Show what the machine is made of; --json prints a file for --machine.")
public final class MachineCommand implements Command {
  private final Console console;

  @Option(names = "--json", description = "As a machine file.")
  private boolean json;

  /** On that console. */
  public MachineCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    if (Group.wantsJson(console, json)) {
      console.out().println(JsonText.of(MachineFile.toJson(console.machine().spec())));
    } else {
      MachineReport.lines(console.machine()).forEach(console.out()::println);
    }
    return Exit.OK;
  }
}
