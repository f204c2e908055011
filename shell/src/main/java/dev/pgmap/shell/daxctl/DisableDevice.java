package dev.pgmap.shell.daxctl;

import dev.pgmap.core.dax.DaxBus;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Counted;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.session.Console;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code daxctl disable-device}. */
@CommandLine.Command(
    name = "disable-device",
    description = "Take the driver off; waits while the memory goes offline.")
final class DisableDevice implements Command {
  private final Console console;

  @Parameters(paramLabel = "DEVICE", arity = "1..*", description = "Names, or all.")
  private List<String> names = List.of();

  DisableDevice(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    DaxBus bus = console.machine().daxBus();
    List<String> wanted = Group.expand(names, () -> Daxctl.names(console));
    return Counted.run(
        console,
        "disabled",
        "device",
        wanted,
        name -> {
          Daxctl.requireDevdax(bus.device(name));
          return bus.disable(name);
        });
  }
}
