package dev.pgmap.shell.ndctl;

import dev.pgmap.core.nvdimm.Namespace;
import dev.pgmap.core.nvdimm.NamespaceMode;
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
    return Counted.runTelling(
            console, "destroyed", "namespace", "error destroying namespaces", wanted, this::destroy)
        .status();
  }

  /** Of a namespace without info block nothing is left to destroy when it is disabled. */
  private boolean destroy(String name) {
    NvdimmBus bus = console.machine().nvdimm();
    boolean counts =
        bus.namespaces().stream()
            .noneMatch(one ->
                one.name().equals(name)
                    && one.mode() == NamespaceMode.FSDAX
                    && one.setup() == null);
    bus.destroy(name, force);
    return counts;
  }
}
