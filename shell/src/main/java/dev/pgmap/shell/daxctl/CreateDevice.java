package dev.pgmap.shell.daxctl;

import dev.pgmap.core.dax.DaxRequest;
import dev.pgmap.core.dax.DevDax;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.command.SizeConverter;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code daxctl create-device}. */
@CommandLine.Command(name = "create-device", description = "Make a device of a dynamic region.")
final class CreateDevice implements Command {
  private final Console console;

  @Option(
      names = {"-r", "--region"},
      paramLabel = "ID",
      description = "Default: the first with room.")
  private @Nullable String region;

  @Option(
      names = {"-s", "--size"},
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "Default: all that is available.")
  private @Nullable Long bytes;

  @Option(
      names = {"-a", "--align"},
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "4K, 2M or 1G. Default: that of the region.")
  private @Nullable Long alignBytes;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "The mappings of a device, as daxctl list -M prints them; - is standard input.")
  private @Nullable String input;

  CreateDevice(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    DevDax made = input == null ? create() : new MappedDevice(console, alignBytes).create(input);
    Daxctl.print(console, List.of(made));
    console.out().flush();
    console.err().println("created 1 device");
    return Exit.OK;
  }

  private DevDax create() {
    DaxRequest request = DaxRequest.DEFAULTS;
    request = bytes == null ? request : request.withSize(bytes);
    request = alignBytes == null ? request : request.withAlign(alignBytes);
    Integer id = region == null ? null : Group.number("--region", "region", region);
    return console.machine().daxBus().createDevice(id, request);
  }
}
