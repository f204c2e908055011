package dev.pgmap.core.hotplug;

import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.phys.Zone;
import org.jspecify.annotations.Nullable;

/**
 * 128 MiB of memory that go online and offline together, {@code struct memory_block}.
 *
 * <p>Read by anyone; changed by {@link MemoryBlocks} under its lock.
 */
public final class MemoryBlock {
  /** {@code memory_block_size_bytes}: one section. */
  public static final long BYTES = 128L << 20;

  private final long id;
  private final boolean addedLater;
  private volatile @Nullable Zone zone;

  MemoryBlock(long id, boolean addedLater, @Nullable Zone zone) {
    this.id = id;
    this.addedLater = addedLater;
    this.zone = zone;
  }

  /** Its number: its address divided by its size. */
  public long id() {
    return id;
  }

  /** Its name in sysfs, such as {@code memory17}. */
  public String name() {
    return "memory" + id;
  }

  /** Its addresses. */
  public PhysRange range() {
    return PhysRange.ofLength(id * BYTES, BYTES);
  }

  /** Whether its pages are System RAM now. */
  public boolean isOnline() {
    return zone != null;
  }

  /** The zone that it is online in; null if it is offline. */
  public @Nullable Zone zone() {
    return zone;
  }

  /** Whether a driver added it, so that it may be removed. */
  boolean isAddedLater() {
    return addedLater;
  }

  void enter(@Nullable Zone next) {
    zone = next;
  }

  @Override
  public String toString() {
    return name();
  }
}
