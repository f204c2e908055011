package dev.pgmap.shell.ndctl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pgmap.core.dax.DaxBus;
import dev.pgmap.core.dax.DevDax;
import dev.pgmap.core.hotplug.MemoryBlocks;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.nvdimm.Namespace;
import dev.pgmap.core.nvdimm.NamespaceMode;
import dev.pgmap.core.nvdimm.PfnSetup;
import dev.pgmap.core.nvdimm.Region;
import dev.pgmap.shell.daxctl.DaxctlJson;
import dev.pgmap.shell.format.JsonText;

/**
 * Regions and namespaces as ndctl prints them: its fields, in its order.
 *
 * @param dax where devices are looked up
 * @param memory where the blocks of devices in mode system-ram are looked up
 * @param human whether sizes are for people ({@code -u})
 * @param withDax whether a namespace shows its dax region and devices ({@code -X})
 */
record NdctlJson(DaxBus dax, MemoryBlocks memory, boolean human, boolean withDax) {
  private static final long SECTOR_BYTES = 512;

  ObjectNode region(Region region) {
    DaxctlJson sizes = new DaxctlJson(memory, human);
    ObjectNode json = JsonText.object().put("dev", region.name());
    sizes.putBytes(json, "size", region.range().bytes());
    sizes.putBytes(json, "align", region.alignBytes());
    sizes.putBytes(json, "available_size", region.availableBytes());
    sizes.putBytes(json, "max_available_extent", region.maxAvailableExtentBytes());
    return json.put("type", "pmem").put("persistence_domain", "unknown");
  }

  ObjectNode namespace(Namespace namespace) {
    DaxctlJson sizes = new DaxctlJson(memory, human);
    PfnSetup setup = namespace.setup();
    boolean blockDevice = namespace.mode() != NamespaceMode.DEVDAX;
    ObjectNode json =
        JsonText.object().put("dev", namespace.name()).put("mode", namespace.mode().text());
    if (namespace.mode() != NamespaceMode.RAW) {
      json.put("map", setup == null ? MapLocation.MEM.text() : setup.map().text());
    }
    sizes.putBytes(json, "size", namespace.bytes());
    if (setup != null) {
      json.put("uuid", namespace.uuid().toString());
    }
    if (blockDevice) {
      json.put("sector_size", SECTOR_BYTES);
    } else {
      putDevice(json, namespace);
    }
    if (setup != null) {
      json.put("align", setup.alignBytes());
    }
    if (blockDevice && namespace.deviceName() != null) {
      json.put("blockdev", namespace.deviceName());
    }
    if (!namespace.isEnabled()) {
      json.put("state", namespace.state().text());
    }
    if (!namespace.altName().isEmpty()) {
      json.put("name", namespace.altName());
    }
    return json;
  }

  private void putDevice(ObjectNode json, Namespace namespace) {
    String name = namespace.deviceName();
    if (name == null) {
      return;
    }
    if (!withDax) {
      json.put("chardev", name);
      return;
    }
    dax.devices().stream()
        .filter(device -> device.name().equals(name))
        .map(DevDax::region)
        .findFirst()
        .ifPresent(region ->
            json.set("daxregion", new DaxctlJson(memory, human).regionOfNamespace(region)));
  }
}
