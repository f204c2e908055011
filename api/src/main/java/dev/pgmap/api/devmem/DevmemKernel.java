package dev.pgmap.api.devmem;

import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.Pagemap;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import org.jspecify.annotations.Nullable;

/** What the engine offers to a driver of devices that own memory. Thread-safe. */
public interface DevmemKernel {
  /** A parameter of the module, such as {@code spm_addr_dev0}; 0 if it was not given. */
  long parameter(String name);

  /** Whether this kernel can do that. */
  boolean has(DevmemFeature feature);

  /** The order of the largest folio that this kernel makes of memory of a device: 0 or 9. */
  int largestOrder();

  /**
   * Makes a node.
   *
   * @param path such as {@code /dev/hmm_dmirror0}
   * @throws dev.pgmap.api.MmException EEXIST
   */
  void addNode(String path, DeviceNode node);

  /** Takes a node away; files that are open stay open. */
  void removeNode(String path);

  /**
   * Claims addresses that nothing has, as high as there are ({@code request_free_mem_region}).
   *
   * @throws dev.pgmap.api.MmException ERANGE without room
   */
  PhysRange requestFreeRegion(long bytes, String name);

  /** Gives the addresses back. */
  void releaseRegion(PhysRange range);

  /**
   * {@code memremap_pages}.
   *
   * @throws dev.pgmap.api.MmException with its errno; nothing is left behind
   */
  Pagemap memremap(PagemapSpec spec, DevPagemapOps ops);

  /** {@code memunmap_pages}. Blocks while somebody holds the pgmap. */
  void memunmap(Pagemap pgmap);

  /**
   * Memory that the device owns, in chunks, with lists of free pages: what drivers of every kind of
   * such memory share. The first chunk comes online now.
   *
   * @param name of the memory, such as {@code hmm_dmirror}, for {@code /proc/iomem}
   * @param owner whose pages these are; different for each device
   * @throws dev.pgmap.api.MmException if there is no memory for the first chunk
   */
  DeviceMemory newMemory(String name, String owner, OwnedMemory kind);

  /**
   * A node whose files mirror the page tables of who opens them, with {@link MirrorCommand}s to
   * read, write and migrate through the mirror.
   *
   * @throws dev.pgmap.api.MmException EEXIST
   */
  void addMirrorNode(String path, DeviceMemory memory);

  /** The pages of RAM and of the driver's own memory. */
  OwnedPages pages();

  /**
   * {@code migrate_vma_setup}.
   *
   * @throws dev.pgmap.api.MmException EINVAL; nothing changed
   */
  Migration migrate(MigrateRequest request);

  /**
   * {@code migrate_device_range}: locks and unmaps what is in use of the driver's pages, wherever
   * it is mapped.
   */
  Migration migrateRange(long firstPfn, int npages);

  /** A sleeping lock for the driver's own data. */
  DriverLock newLock();

  /** Whether a page belongs to that memory. */
  boolean isOf(DeviceMemory memory, long pfn);

  /** The type of memory that a page is; null for RAM. */
  @Nullable MemoryType typeOf(long pfn);

  /** Whether it is the page of zeroes that read faults map. */
  boolean isZeroPage(long pfn);

  /** {@code pr_info}. */
  void info(String message);

  /** {@code pr_warn}. */
  void warn(String message);
}
