package dev.pgmap.plugins.fsdax;

import dev.pgmap.api.fs.PmemDevice;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PagemapSpec;
import java.util.List;

/**
 * What the driver keeps of one bound namespace.
 *
 * @param device the namespace
 * @param ops its pgmap's ops
 */
record FsDaxState(PmemDevice device, FsDaxPagemapOps ops) {

  /** The pgmap that the namespace needs: all of it, in base pages, whatever its alignment. */
  PagemapSpec pagemapSpec() {
    return new PagemapSpec(
        device.name(),
        MemoryType.FS_DAX,
        List.of(device.pagemapRange()),
        0,
        device.altmap(),
        device.name());
  }
}
