package dev.pgmap.plugins.devdax;

import dev.pgmap.api.pgmap.DevPagemapOps;

/**
 * The ops of device-dax pgmaps.
 *
 * <p>Device-dax hears of no free page, and up to 5.15 it lets the engine kill and await its
 * reference as the core's own pgmaps do, so the defaults serve. What it decides is the compound
 * order: an entry of a mapping always has the size of the device's alignment, and the struct pages
 * follow that size. Kernels before 5.17 have no such order; the engine drops it there.
 */
final class DevDaxPagemapOps implements DevPagemapOps {
  @Override
  public int vmemmapShift(long alignBytes) {
    return DevDaxConstraints.orderOf(alignBytes);
  }
}
