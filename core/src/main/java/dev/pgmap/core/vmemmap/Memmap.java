package dev.pgmap.core.vmemmap;

import dev.pgmap.api.pgmap.PhysRange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The struct pages of one range: what was asked for, and which memory holds them.
 *
 * <p>Made and changed by {@link MemoryHotplug} under its lock.
 */
public final class Memmap {
  /** Contiguous pages that hold struct pages. */
  record Block(long pfn, long nrPages) {}

  private final PhysRange range;
  private final @Nullable Altmap altmap;
  private final int order;
  private final long firstDevicePfn;
  private final boolean sharesTails;
  private final boolean resizable;
  private final List<Block> blocks = new ArrayList<>();

  Memmap(
      PhysRange range,
      @Nullable Altmap altmap,
      int order,
      long firstDevicePfn,
      boolean sharesTails,
      boolean resizable) {
    this.range = range;
    this.altmap = altmap;
    this.order = order;
    this.firstDevicePfn = firstDevicePfn;
    this.sharesTails = sharesTails;
    this.resizable = resizable;
  }

  /** The memory that is described. */
  public PhysRange range() {
    return range;
  }

  @Nullable Altmap altmap() {
    return altmap;
  }

  int order() {
    return order;
  }

  long firstDevicePfn() {
    return firstDevicePfn;
  }

  List<Block> blocks() {
    return blocks;
  }

  /** Whether folios of the range change their order. */
  boolean isResizable() {
    return resizable;
  }

  /**
   * Whether tails share a page, so that only the first 128 records of a compound are distinct; not
   * where boot memmap is reused.
   */
  public boolean sharesTails() {
    return sharesTails;
  }

  /** How many 4 KiB pages hold the struct pages. */
  public long vmemmapPages() {
    return blocks.stream().mapToLong(Block::nrPages).sum();
  }
}
