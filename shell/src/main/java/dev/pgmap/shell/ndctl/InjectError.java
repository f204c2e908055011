package dev.pgmap.shell.ndctl;

import dev.pgmap.core.nvdimm.MediaErrorAdmin;
import dev.pgmap.core.nvdimm.Namespace;
import dev.pgmap.core.nvdimm.NvdimmBus;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.format.Numbers;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ndctl inject-error}. */
@CommandLine.Command(
    name = "inject-error",
    description = "Let the medium lose blocks of 512 bytes of a namespace, or find them again.")
final class InjectError implements Command {
  private final Console console;

  @Parameters(paramLabel = "NAMESPACE")
  private String name = "";

  @Option(
      names = {"-B", "--block"},
      paramLabel = "BLOCK",
      required = true,
      description = "From the first byte of the namespace.")
  private String block = "";

  @Option(
      names = {"-n", "--count"},
      paramLabel = "BLOCKS",
      description = "Default: ${DEFAULT-VALUE}.")
  private String count = "1";

  @Option(
      names = {"-d", "--uninject"},
      description = "The blocks can be read again.")
  private boolean uninject;

  InjectError(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    NvdimmBus bus = console.machine().nvdimm();
    Namespace namespace = bus.namespace(name);
    MediaErrorAdmin errors = bus.mediaErrors();
    long first = Numbers.parse("--block", block, 0, Long.MAX_VALUE >> 10);
    long nr = Numbers.parse("--count", count, 1, Long.MAX_VALUE >> 10);
    if (uninject) {
      errors.clear(namespace, first, nr);
    } else {
      errors.inject(namespace, first, nr);
    }
    return Exit.OK;
  }
}
