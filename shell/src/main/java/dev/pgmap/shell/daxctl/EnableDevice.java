package dev.pgmap.shell.daxctl;

import dev.pgmap.core.dax.DaxBus;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Counted;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.session.Console;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code daxctl enable-device}. */
@CommandLine.Command(name = "enable-device", description = "Bind the device to its driver.")
final class EnableDevice implements Command {
  private final Console console;

  @Parameters(paramLabel = "DEVICE", arity = "1..*", description = "Names, or all.")
  private List<String> names = List.of();

  EnableDevice(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    DaxBus bus = console.machine().daxBus();
    List<String> wanted = Group.expand(names, () -> Daxctl.names(console));
    return Counted.run(
        console,
        "enabled",
        "device",
        wanted,
        name -> {
          Daxctl.requireDevdax(bus.device(name));
          return bus.enable(name);
        });
  }
}
