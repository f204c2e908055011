package dev.pgmap.shell.daxctl;

import dev.pgmap.core.dax.DaxBus;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Counted;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.session.Console;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code daxctl online-memory}. */
@CommandLine.Command(
    name = "online-memory",
    description = "Make the memory of a device in mode system-ram usable.")
final class OnlineMemory implements Command {
  private final Console console;

  @Parameters(paramLabel = "DEVICE", arity = "1..*", description = "Names, or all.")
  private List<String> names = List.of();

  @Option(names = "--no-movable", description = "For any use, also that of the engine itself.")
  private boolean noMovable;

  OnlineMemory(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    DaxBus bus = console.machine().daxBus();
    List<String> wanted = Group.expand(names, () -> Daxctl.names(console));
    return Counted.runTelling(
            console,
            "onlined memory for",
            "device",
            "error onlining memory",
            wanted,
            name -> SystemRam.require(console, bus.device(name)).online(console, !noMovable))
        .status();
  }
}
