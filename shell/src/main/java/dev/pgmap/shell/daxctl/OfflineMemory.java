package dev.pgmap.shell.daxctl;

import dev.pgmap.core.dax.DaxBus;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Counted;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.session.Console;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code daxctl offline-memory}. */
@CommandLine.Command(
    name = "offline-memory",
    description = "Take the memory of a device in mode system-ram away again.")
final class OfflineMemory implements Command {
  private final Console console;

  @Parameters(paramLabel = "DEVICE", arity = "1..*", description = "Names, or all.")
  private List<String> names = List.of();

  OfflineMemory(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    DaxBus bus = console.machine().daxBus();
    List<String> wanted = Group.expand(names, () -> Daxctl.names(console));
    return Counted.runTelling(
            console,
            "offlined memory for",
            "device",
            "error offlining memory",
            wanted,
            name -> SystemRam.require(console, bus.device(name)).offline(console))
        .status();
  }
}
