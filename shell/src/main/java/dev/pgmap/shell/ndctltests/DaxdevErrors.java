package dev.pgmap.shell.ndctltests;

import static dev.pgmap.shell.ndctltests.Checks.check;

import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.dax.DevDax;
import dev.pgmap.core.fs.OpenFile;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.mm.Task;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/**
 * {@code daxdev-errors} of the suite: a load of what the medium has lost of a device gets SIGBUS,
 * its neighbours can be read; once cleared, so can it.
 */
@CommandLine.Command(
    name = "daxdev-errors",
    description = "Read and clear the media errors of a device-dax device.")
final class DaxdevErrors implements Command {
  private final Console console;

  @Parameters(index = "0", paramLabel = "DEVICE", description = "Such as dax0.0.")
  private String name = "";

  @Parameters(index = "1", paramLabel = "NAMESPACE")
  private String namespace = "";

  DaxdevErrors(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    return console.runAsTask("daxdev-errors", this::run);
  }

  private int run(Task task) {
    Machine machine = console.machine();
    DevDax device = machine.daxBus().device(name);
    PhysRange data = device.dataRanges().getFirst();
    List<PhysRange> lost = machine.nvdimm().mediaErrors().in(data);
    check(!lost.isEmpty(), name + " has media errors");
    try (OpenFile open = machine.files().open("/dev/" + name, false)) {
      long base = task.mm().mmap(open.space(), data.bytes(), 0, true, true) - data.start();
      for (PhysRange one : lost) {
        Checks.sigbus(() -> task.mm().load(base + one.start()), "a load of what is lost");
        task.mm().load(base + one.start() - 1);
        task.mm().load(base + one.end() + 1);
      }
      Checks.run(console, "ndctl clear-errors " + namespace);
      lost.forEach(one -> task.mm().load(base + one.start()));
      task.mm().munmap(base + data.start(), data.bytes());
    }
    check(machine.nvdimm().mediaErrors().in(data).isEmpty(), "no error is left");
    return Exit.OK;
  }
}
