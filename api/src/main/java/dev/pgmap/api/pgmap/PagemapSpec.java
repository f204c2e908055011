package dev.pgmap.api.pgmap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a driver fills into {@code struct dev_pagemap} before it calls {@code memremap_pages}.
 *
 * @param name the device it belongs to, for messages
 * @param type the kind of memory
 * @param ranges the physical ranges, in order; the kernel's {@code nr_range} is their number
 * @param vmemmapShift order of the compound pages that describe the memory; 0 means base pages
 * @param altmap where struct pages live in the device itself, or null for struct pages in RAM
 * @param owner an opaque name that says whose pages these are, or null
 */
public record PagemapSpec(
    String name,
    MemoryType type,
    List<PhysRange> ranges,
    int vmemmapShift,
    @Nullable AltmapSpec altmap,
    @Nullable String owner) {

  /** Copies the list, so that the value is immutable. */
  public PagemapSpec {
    ranges = List.copyOf(ranges);
  }

  /** The same request with another compound order. */
  public PagemapSpec withVmemmapShift(int shift) {
    return new PagemapSpec(name, type, ranges, shift, altmap, owner);
  }
}
