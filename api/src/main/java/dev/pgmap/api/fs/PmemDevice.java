package dev.pgmap.api.fs;

import dev.pgmap.api.pgmap.AltmapSpec;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.Pagemap;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import org.jspecify.annotations.Nullable;

/**
 * A namespace in fsdax mode during and after probe: {@code struct pmem_device} with its {@code
 * struct dax_device}.
 *
 * <p>What {@link #memremap}, {@link #addDisk} and {@link #onDetach} set up is undone in reverse
 * order at detach, as devm actions are: first the disk goes (its holder hears {@link
 * HolderOps#notifyFailure} with {@link HolderOps#MF_MEM_PRE_REMOVE}, then the device is dead), last
 * the memory goes offline, which may wait for whoever holds a page.
 */
public interface PmemDevice {
  /** The block device's name, such as {@code pmem0}. */
  String name();

  /** The data: what the block device shows. */
  PhysRange dataRange();

  /**
   * What the pgmap covers: the data, and where there is one the info block and altmap before it.
   */
  PhysRange pagemapRange();

  /** The altmap of a namespace whose struct pages live in the device, or null. */
  @Nullable AltmapSpec altmap();

  /** Whether the disk is there and {@code kill_dax} has not run ({@code dax_alive}). */
  boolean isAlive();

  /** {@code devm_memremap_pages}: brings the memory online; undone at detach. */
  Pagemap memremap(PagemapSpec spec, DevPagemapOps ops);

  /**
   * {@code alloc_dax}, {@code dax_add_host} and {@code device_add_disk}: publishes {@code
   * /dev/pmemN}; undone at detach, by {@code kill_dax} first.
   */
  void addDisk();

  /** Adds an action to run at detach, before all that was set up earlier. */
  void onDetach(Runnable action);

  /**
   * Tells whoever has the device mounted that bytes of it failed ({@code
   * dax_holder_notify_failure}).
   *
   * @param offset first byte, relative to the data
   * @param bytes how many
   * @param mfFlags as the engine's memory failure passes them
   * @return 0 when handled; a negated errno: ENXIO for a dead device, EOPNOTSUPP without a holder
   */
  int notifyFailure(long offset, long bytes, int mfFlags);
}
