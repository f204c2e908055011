package dev.pgmap.api.dax;

import dev.pgmap.api.mm.MappableFile;
import dev.pgmap.api.pgmap.AltmapSpec;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.Pagemap;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code struct dev_dax} during and after probe, with the services that a driver needs.
 *
 * <p>What {@link #memremap}, {@link #addCdev} and {@link #onDetach} set up is undone in reverse
 * order at detach, as devm actions are.
 */
public interface DaxDevice {
  /** The device name, such as {@code dax0.0}. */
  String name();

  /** The alignment in bytes: 4 KiB, 2 MiB or 1 GiB on x86-64. */
  long alignBytes();

  /**
   * The sizes in bytes with which this machine's page tables can map device memory, smallest first;
   * 4 KiB, 2 MiB and 1 GiB on x86-64.
   */
  List<Long> mappingBytes();

  /** The data ranges, in file order: what a mapping of the device shows. */
  List<PhysRange> dataRanges();

  /**
   * The ranges that the pgmap covers: the data ranges, and for a static device (one made from a
   * namespace) also the info block and the altmap before them.
   */
  List<PhysRange> pagemapRanges();

  /** The altmap of a static device whose struct pages live in the device, or null. */
  @Nullable AltmapSpec altmap();

  /** Whether a driver is attached and {@code kill_dax} has not run ({@code dax_alive}). */
  boolean isAlive();

  /**
   * The physical address of a file offset, {@code dax_pgoff_to_phys}.
   *
   * @param pgoff file offset in 4 KiB pages
   * @param bytes how much must lie in one range
   * @return the address, or -1 if no range holds all of it
   */
  long pgoffToPhys(long pgoff, long bytes);

  /** {@code devm_memremap_pages}: brings the memory online; undone at detach. */
  Pagemap memremap(PagemapSpec spec, DevPagemapOps ops);

  /** Publishes the character device; undone at detach. */
  void addCdev(MappableFile file);

  /** {@code run_dax}: the device answers from now on. At detach, {@code kill_dax} comes first. */
  void run();

  /** Adds an action to run at detach, before all that was set up earlier. */
  void onDetach(Runnable action);
}
