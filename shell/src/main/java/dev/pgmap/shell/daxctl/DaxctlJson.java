package dev.pgmap.shell.daxctl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pgmap.core.dax.DaxRange;
import dev.pgmap.core.dax.DaxRegion;
import dev.pgmap.core.dax.DevDax;
import dev.pgmap.core.hotplug.MemoryBlocks;
import dev.pgmap.shell.format.JsonText;
import dev.pgmap.shell.format.Sizes;

/**
 * Dax regions and devices as daxctl prints them: its fields, in its order.
 *
 * @param memory where the blocks of devices in mode system-ram are looked up
 * @param human whether sizes are for people ({@code -u})
 */
public record DaxctlJson(MemoryBlocks memory, boolean human) {
  /** Adds a size in bytes. */
  public void putBytes(ObjectNode json, String key, long bytes) {
    if (human && bytes >= 1024) {
      json.put(key, Sizes.human(bytes));
    } else {
      json.put(key, bytes);
    }
  }

  /** A device. */
  public ObjectNode device(DevDax device, boolean withMappings) {
    ObjectNode json = JsonText.object().put("chardev", device.name());
    putBytes(json, "size", device.bytes());
    json.put("target_node", device.targetNode());
    json.put("align", device.alignBytes());
    putMode(json, device);
    if (device.state() != DevDax.State.ENABLED) {
      json.put("state", device.state().text());
    }
    if (withMappings) {
      ArrayNode mappings = json.putArray("mappings");
      device.ranges().forEach(range -> mappings.add(mapping(range)));
    }
    return json;
  }

  private void putMode(ObjectNode json, DevDax device) {
    SystemRam ram = SystemRam.of(memory, device);
    json.put("mode", ram == null ? "devdax" : "system-ram");
    if (ram == null) {
      return;
    }
    json.put("online_memblocks", ram.nrOnline());
    json.put("total_memblocks", ram.blocks().size());
    Boolean movable = ram.isMovable();
    if (movable != null) {
      json.put("movable", movable);
    }
  }

  private ObjectNode mapping(DaxRange range) {
    ObjectNode json =
        JsonText.object()
            .put("page_offset", range.pgoff())
            .put("start", range.range().start())
            .put("end", range.range().end());
    putBytes(json, "size", range.range().bytes());
    return json;
  }

  /** A region, without its devices. */
  public ObjectNode region(DaxRegion region) {
    ObjectNode json = JsonText.object().put("path", path(region)).put("id", region.id());
    putBytes(json, "size", region.range().bytes());
    json.put("align", region.alignBytes());
    if (!region.isStatic()) {
      putBytes(json, "available_size", region.availableBytes());
    }
    return json;
  }

  private static String path(DaxRegion region) {
    return region.isStatic()
        ? "/platform/e820_pmem/ndbus0/region%d/%s/dax_region%d"
            .formatted(region.id(), region.devices().getFirst().name(), region.id())
        : "/platform/hmem.%d".formatted(region.id());
  }

  /** The region of a namespace with its devices, as ndctl shows it. */
  public ObjectNode regionOfNamespace(DaxRegion region) {
    ObjectNode json = JsonText.object().put("id", region.id());
    putBytes(json, "size", region.range().bytes());
    json.put("align", region.alignBytes());
    ArrayNode devices = json.putArray("devices");
    region.devices().forEach(device -> devices.add(device(device, false)));
    return json;
  }
}
