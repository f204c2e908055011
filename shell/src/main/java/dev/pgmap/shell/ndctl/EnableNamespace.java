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

/** {@code ndctl enable-namespace}. */
@CommandLine.Command(
    name = "enable-namespace",
    description = "Bring the namespace's memory online.")
final class EnableNamespace implements Command {
  private final Console console;

  @Parameters(paramLabel = "NAMESPACE", arity = "1..*", description = "Names, or all.")
  private List<String> names = List.of();

  EnableNamespace(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    NvdimmBus bus = console.machine().nvdimm();
    List<String> wanted =
        Group.expand(names, () -> bus.namespaces().stream().map(Namespace::name).toList());
    return Counted.run(console, "enabled", "namespace", wanted, bus::enable);
  }
}
