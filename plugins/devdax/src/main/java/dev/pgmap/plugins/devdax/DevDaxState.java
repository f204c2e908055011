package dev.pgmap.plugins.devdax;

import dev.pgmap.api.dax.DaxDevice;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PagemapSpec;

/**
 * What the driver keeps of one bound device.
 *
 * @param device the device
 * @param ops its pgmap's ops
 */
record DevDaxState(DaxDevice device, DevDaxPagemapOps ops) {

  /** The pgmap that the device needs: all of it, in compounds of its alignment. */
  PagemapSpec pagemapSpec() {
    return new PagemapSpec(
        device.name(),
        MemoryType.GENERIC,
        device.pagemapRanges(),
        ops.vmemmapShift(device.alignBytes()),
        device.altmap(),
        null);
  }
}
