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

  /**
   * Counts what was erased. A range without info block has data in its place: if that is zero,
   * nothing was.
   */
  private boolean destroy(String name) {
    NvdimmBus bus = console.machine().nvdimm();
    boolean nothing =
        bus.namespaces().stream()
            .anyMatch(one -> one.name().equals(name) && hasNothingToErase(one));
    bus.destroy(name, force);
    return !nothing;
  }

  private boolean hasNothingToErase(Namespace namespace) {
    long infoBlockPfn = namespace.range().firstPfn() + 1;
    return namespace.mode() == NamespaceMode.FSDAX
        && namespace.setup() == null
        && console.machine().memory().isAllZero(infoBlockPfn);
  }
}
