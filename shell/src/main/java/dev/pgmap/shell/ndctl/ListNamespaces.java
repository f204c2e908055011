package dev.pgmap.shell.ndctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.nvdimm.Namespace;
import dev.pgmap.core.nvdimm.NvdimmBus;
import dev.pgmap.core.nvdimm.Region;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.format.JsonText;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code ndctl list}. */
@CommandLine.Command(
    name = "list",
    description = "List namespaces (the default), regions, or both, as JSON.")
final class ListNamespaces implements Command {
  private final Console console;

  @Option(
      names = {"-N", "--namespaces"},
      description = "Namespaces.")
  private boolean namespaces;

  @Option(
      names = {"-R", "--regions"},
      description = "Regions; with -N the namespaces inside of them.")
  private boolean regions;

  @Option(
      names = {"-D", "--dimms"},
      description = "DIMMs: there are none, legacy pmem ranges have no DIMMs.")
  private boolean dimms;

  @Option(
      names = {"-X", "--device-dax"},
      description = "Show dax regions and devices of namespaces.")
  private boolean deviceDax;

  @Option(
      names = {"-i", "--idle"},
      description = "Also what is disabled.")
  private boolean idle;

  @Option(
      names = {"-u", "--human"},
      description = "Sizes for people.")
  private boolean human;

  @Option(
      names = {"-r", "--region"},
      paramLabel = "REGION",
      description = "Only this region.")
  private @Nullable String region;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Only this namespace.")
  private @Nullable String namespace;

  ListNamespaces(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    Machine machine = console.machine();
    NdctlJson json = new NdctlJson(machine.daxBus(), machine.memoryBlocks(), human, deviceDax);
    if (regions && namespaces) {
      ArrayNode all = regions(json);
      ObjectNode platform = JsonText.object();
      platform.set("regions", all);
      console.out().println(JsonText.of(platform));
    } else if (regions) {
      print(regions(json));
    } else if (namespaces || !dimms) {
      print(namespaces(json, shownRegions()));
    }
    return Exit.OK;
  }

  /** As ndctl does: nothing for an empty list, and people get a single object as it is. */
  private void print(ArrayNode all) {
    if (!all.isEmpty()) {
      JsonNode shown = human && all.size() == 1 ? all.get(0) : all;
      console.out().println(JsonText.of(shown));
    }
  }

  private List<Region> shownRegions() {
    NvdimmBus bus = console.machine().nvdimm();
    return region == null || region.equals("all")
        ? bus.regions()
        : List.of(bus.region(Group.number("--region", "region", region)));
  }

  private ArrayNode regions(NdctlJson json) {
    ArrayNode all = JsonText.array();
    for (Region one : shownRegions()) {
      ObjectNode shown = json.region(one);
      ArrayNode inside = namespaces(json, List.of(one));
      if (namespaces && !inside.isEmpty()) {
        shown.set("namespaces", inside);
      }
      all.add(shown);
    }
    return all;
  }

  private ArrayNode namespaces(NdctlJson json, List<Region> from) {
    ArrayNode all = JsonText.array();
    for (Region one : from) {
      for (Namespace candidate : one.namespaces()) {
        boolean wanted = namespace == null || namespace.equals(candidate.name());
        if (wanted && (idle || candidate.isEnabled())) {
          all.add(json.namespace(candidate));
        }
      }
    }
    return all;
  }
}
