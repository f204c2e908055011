package dev.pgmap.shell.ndctl;

import dev.pgmap.core.nvdimm.Namespace;
import dev.pgmap.core.nvdimm.NvdimmBus;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Counted;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.session.Console;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ndctl clear-errors}. */
@CommandLine.Command(
    name = "clear-errors",
    description = "Make what the medium has lost of namespaces readable again.")
final class ClearErrors implements Command {
  private final Console console;

  @Parameters(paramLabel = "NAMESPACE", arity = "1..*", description = "Names, or all.")
  private List<String> names = List.of();

  ClearErrors(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    NvdimmBus bus = console.machine().nvdimm();
    List<String> wanted =
        Group.expand(names, () -> bus.namespaces().stream().map(Namespace::name).toList());
    return Counted.run(
        console,
        "cleared",
        "namespace",
        wanted,
        name -> {
          bus.mediaErrors().clearAll(bus.namespace(name));
          return true;
        });
  }
}
