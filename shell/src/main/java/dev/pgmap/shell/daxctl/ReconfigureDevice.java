package dev.pgmap.shell.daxctl;

import dev.pgmap.core.dax.DaxBus;
import dev.pgmap.core.dax.DaxRequest;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Counted;
import dev.pgmap.shell.command.SizeConverter;
import dev.pgmap.shell.session.Console;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code daxctl reconfigure-device}. */
@CommandLine.Command(
    name = "reconfigure-device",
    description = "Give a device another size or alignment.")
final class ReconfigureDevice implements Command {
  private final Console console;

  @Parameters(paramLabel = "DEVICE", description = "Such as dax0.0.")
  private String name = "";

  @Option(
      names = {"-m", "--mode"},
      paramLabel = "MODE",
      description = "devdax; system-ram is not there yet.")
  private @Nullable String mode;

  @Option(
      names = {"-s", "--size"},
      paramLabel = "SIZE",
      converter = SizeConverter.class)
  private @Nullable Long bytes;

  @Option(
      names = {"-a", "--align"},
      paramLabel = "SIZE",
      converter = SizeConverter.class)
  private @Nullable Long alignBytes;

  ReconfigureDevice(Console console) {
    this.console = console;
  }

  @Option(
      names = {"-f", "--force", "-N", "--no-online"},
      description = "As daxctl's; they only matter for system-ram.")
  void setIgnored(boolean ignored) {}

  @Override
  public int call() {
    if (mode != null) {
      DaxRequest.checkMode(mode);
    }
    DaxRequest request = DaxRequest.DEFAULTS;
    request = bytes == null ? request : request.withSize(bytes);
    DaxRequest wanted = alignBytes == null ? request : request.withAlign(alignBytes);
    DaxBus bus = console.machine().daxBus();
    int status =
        Counted.run(
            console,
            "reconfigured",
            "device",
            List.of(name),
            one -> {
              bus.reconfigure(one, wanted);
              return true;
            });
    Daxctl.print(console, List.of(bus.device(name)));
    return status;
  }
}
