package dev.pgmap.shell.ndctltests;

import dev.pgmap.core.dax.DevMem;
import dev.pgmap.core.fs.OpenFile;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.nvdimm.Namespace;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/**
 * {@code revoke-devmem} of the suite: a namespace that is disabled is mapped through {@code
 * /dev/mem} and written; when it is enabled, the mapping is gone.
 */
@CommandLine.Command(
    name = "revoke-devmem",
    description = "Map a namespace through /dev/mem while it is disabled, and enable it.")
final class RevokeDevmem implements Command {
  private static final long BYTES = 2L << 20;

  private final Console console;

  @Parameters(paramLabel = "NAMESPACE")
  private String name = "";

  RevokeDevmem(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    return console.runAsTask("revoke-devmem", this::run);
  }

  private int run(Task task) {
    Namespace namespace = console.machine().nvdimm().namespace(name);
    Checks.run(console, "ndctl disable-namespace " + name);
    try (OpenFile memory = console.machine().files().open(DevMem.PATH, false)) {
      long pgoff = namespace.range().firstPfn() + BYTES / 4096;
      long address = task.mm().mmap(memory.space(), BYTES, pgoff, true, true);
      task.mm().touch(address, BYTES, (byte) 0);
      Checks.run(console, "ndctl enable-namespace " + name);
      Checks.sigbus(() -> task.mm().store(address, (byte) 1), "a store after the enabling");
      task.mm().munmap(address, BYTES);
    }
    return Exit.OK;
  }
}
