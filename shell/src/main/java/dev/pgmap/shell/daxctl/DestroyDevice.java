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

/** {@code daxctl destroy-device}. */
@CommandLine.Command(
    name = "destroy-device",
    description = "Delete devices of a dynamic region; they must be disabled.")
final class DestroyDevice implements Command {
  private final Console console;

  @Parameters(paramLabel = "DEVICE", arity = "1..*", description = "Names, or all.")
  private List<String> names = List.of();

  @Option(
      names = {"-f", "--force"},
      description = "Disable it first.")
  private boolean force;

  DestroyDevice(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    DaxBus bus = console.machine().daxBus();
    List<String> wanted = Group.expand(names, () -> Daxctl.names(console));
    return Counted.run(
        console,
        "destroyed",
        "device",
        wanted,
        name -> {
          bus.destroyDevice(name, force);
          return true;
        });
  }
}
