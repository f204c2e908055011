package dev.pgmap.shell.machine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.pgmap.core.machine.Invariants;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.format.JsonText;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code check}: the engine's invariants. */
@CommandLine.Command(
    name = "check",
    description = "Check what must always hold: counts, pins, pgmap references, altmaps.")
public final class Check implements Command {
  private final Console console;

  @Option(names = "--idle", description = "Also that nobody holds a reference or a pin.")
  private boolean idle;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  /** On that console. */
  public Check(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    List<String> findings =
        idle ? Invariants.checkIdle(console.machine()) : Invariants.check(console.machine());
    if (Group.wantsJson(console, json)) {
      ArrayNode all = JsonText.array();
      findings.forEach(all::add);
      console.out().println(JsonText.of(all));
    } else if (findings.isEmpty()) {
      console.out().println("all invariants hold");
    } else {
      findings.forEach(console.out()::println);
    }
    return findings.isEmpty() ? Exit.OK : Exit.FAILED;
  }
}
