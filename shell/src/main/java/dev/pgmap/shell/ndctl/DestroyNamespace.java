package dev.pgmap.shell.ndctl;

import dev.pgmap.core.nvdimm.Namespace;
import dev.pgmap.core.nvdimm.NvdimmBus;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Counted;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.session.Console;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ndctl destroy-namespace}. */
@CommandLine.Command(
    name = "destroy-namespace",
    description = "Delete namespaces; waits while their memory goes offline.")
final class DestroyNamespace implements Command {
  private final Console console;

  @Parameters(paramLabel = "NAMESPACE", arity = "1..*", description = "Names, or all.")
  private List<String> names = List.of();

  @Option(
      names = {"-f", "--force"},
      description = "Also if it is enabled.")
  private boolean force;

  DestroyNamespace(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    NvdimmBus bus = console.machine().nvdimm();
    List<String> wanted =
        Group.expand(names, () -> bus.namespaces().stream().map(Namespace::name).toList());
    return Counted.run(console, "destroyed", "namespace", wanted, this::destroy);
  }

  private boolean destroy(String name) {
    console.machine().nvdimm().destroy(name, force);
    return true;
  }
}
