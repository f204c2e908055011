package dev.pgmap.shell.daxctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pgmap.core.dax.DaxRegion;
import dev.pgmap.core.dax.DevDax;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.format.JsonText;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code daxctl list}. */
@CommandLine.Command(
    name = "list",
    description = "List devices (the default), regions, or both, as JSON.")
final class ListDevices implements Command {
  private final Console console;

  @Option(
      names = {"-D", "--devices"},
      description = "Devices.")
  private boolean devices;

  @Option(
      names = {"-R", "--regions"},
      description = "Regions; with -D the devices inside of them.")
  private boolean regions;

  @Option(
      names = {"-M", "--mappings"},
      description = "The ranges of devices.")
  private boolean mappings;

  @Option(
      names = {"-i", "--idle"},
      description = "Also devices that have no memory.")
  private boolean idle;

  @Option(
      names = {"-u", "--human"},
      description = "Sizes for people.")
  private boolean human;

  @Option(
      names = {"-r", "--region"},
      paramLabel = "ID",
      description = "Only regions of this number.")
  private @Nullable String region;

  @Option(
      names = {"-d", "--dev"},
      paramLabel = "DEVICE",
      description = "Only this device.")
  private @Nullable String dev;

  ListDevices(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    ArrayNode all = JsonText.array();
    for (DaxRegion one : shownRegions()) {
      ArrayNode inside = devicesOf(one);
      if (!regions) {
        all.addAll(inside);
        continue;
      }
      ObjectNode shown = new DaxctlJson(console.machine().memoryBlocks(), human).region(one);
      if (devices && !inside.isEmpty()) {
        shown.set("devices", inside);
      }
      all.add(shown);
    }
    if (!all.isEmpty()) {
      JsonNode shown = human && all.size() == 1 ? all.get(0) : all;
      console.out().println(JsonText.of(shown));
    }
    return Exit.OK;
  }

  private List<DaxRegion> shownRegions() {
    List<DaxRegion> all = console.machine().daxBus().regions();
    if (region == null) {
      return all;
    }
    int id = Group.number("--region", "region", region);
    return all.stream().filter(one -> one.id() == id).toList();
  }

  private ArrayNode devicesOf(DaxRegion from) {
    ArrayNode all = JsonText.array();
    for (DevDax device : from.devices()) {
      if ((device.bytes() > 0 || idle) && (dev == null || dev.equals(device.name()))) {
        all.add(new DaxctlJson(console.machine().memoryBlocks(), human).device(device, mappings));
      }
    }
    return all;
  }
}
