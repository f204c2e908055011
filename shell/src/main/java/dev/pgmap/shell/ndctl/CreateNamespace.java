package dev.pgmap.shell.ndctl;

import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.nvdimm.Namespace;
import dev.pgmap.core.nvdimm.NamespaceMode;
import dev.pgmap.core.nvdimm.NamespaceRequest;
import dev.pgmap.core.nvdimm.NvdimmBus;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.command.SizeConverter;
import dev.pgmap.shell.format.JsonText;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code ndctl create-namespace}. */
@CommandLine.Command(
    name = "create-namespace",
    description = "Make a namespace, or make an existing one anew (-e).")
final class CreateNamespace implements Command {
  private final Console console;

  @Option(
      names = {"-m", "--mode"},
      paramLabel = "MODE",
      description = "fsdax (the default), devdax or raw.")
  private @Nullable String mode;

  @Option(
      names = {"-s", "--size"},
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "Size, a multiple of 16M. Default: the largest free extent.")
  private @Nullable Long bytes;

  @Option(
      names = {"-a", "--align"},
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "Mapping alignment: 4K, 2M or 1G. Default: 2M.")
  private @Nullable Long alignBytes;

  @Option(
      names = {"-M", "--map"},
      paramLabel = "WHERE",
      description = "Where struct pages live: mem (RAM) or dev (the device). Default: dev.")
  private @Nullable String map;

  @Option(
      names = {"-r", "--region"},
      paramLabel = "REGION",
      description = "Default: the first with room.")
  private @Nullable String region;

  @Option(
      names = {"-e", "--reconfig"},
      paramLabel = "NAMESPACE",
      description = "Make this namespace anew.")
  private @Nullable String reconfig;

  @Option(
      names = {"-f", "--force"},
      description = "Also if it is enabled.")
  private boolean force;

  @Option(
      names = {"-n", "--name"},
      paramLabel = "NAME")
  private @Nullable String name;

  @Option(
      names = {"-u", "--uuid"},
      paramLabel = "UUID")
  private @Nullable String uuid;

  @Option(
      names = "--legacy",
      description =
          "With fsdax: no info block, all of the range is data, struct pages in RAM; what a kernel"
              + " makes of memmap=SIZE!START by itself.")
  private boolean legacy;

  CreateNamespace(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    NvdimmBus bus = console.machine().nvdimm();
    NamespaceRequest request = request();
    Namespace made =
        reconfig == null ? bus.create(request) : bus.reconfigure(reconfig, request, force);
    Machine machine = console.machine();
    NdctlJson json = new NdctlJson(machine.daxBus(), machine.memoryBlocks(), false, true);
    console.out().println(JsonText.of(json.namespace(made)));
    return Exit.OK;
  }

  private NamespaceRequest request() {
    NamespaceRequest request = NamespaceRequest.DEFAULTS;
    if (mode != null || reconfig == null) {
      request = request.withMode(NamespaceMode.parse(mode));
    }
    if (bytes != null) {
      request = request.withSize(positive("--size", bytes));
    }
    if (alignBytes != null) {
      request = request.withAlign(positive("--align", alignBytes));
    }
    if (map != null) {
      request = request.withMap(MapLocation.parse(map));
    }
    if (region != null && !region.equals("all")) {
      request = request.withRegion(Group.number("--region", "region", region));
    }
    if (name != null) {
      request = request.withName(name);
    }
    if (legacy || needsNoInfoBlock(request)) {
      request = request.withLegacy();
    }
    return uuid == null ? request : request.withUuid(parseUuid(uuid));
  }

  /** A pmem range without labels that keeps its struct pages in RAM is fsdax as it is. */
  private static boolean needsNoInfoBlock(NamespaceRequest request) {
    return request.mode() == NamespaceMode.FSDAX && request.map() == MapLocation.MEM;
  }

  private static long positive(String option, long bytes) {
    if (bytes == 0) {
      throw CommandException.badValue(option, "0", "a size above zero");
    }
    return bytes;
  }

  private static UUID parseUuid(String text) {
    if (!text.matches("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
      throw CommandException.badValue("--uuid", text, "8-4-4-4-12 hexadecimal digits");
    }
    return UUID.fromString(text);
  }
}
