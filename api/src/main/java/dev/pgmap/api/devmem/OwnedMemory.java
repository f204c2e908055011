package dev.pgmap.api.devmem;

import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PhysRange;

/** A kind of memory that a device owns: what a plugin decides about it. Thread-safe. */
public interface OwnedMemory {
  /** {@code PRIVATE} or {@code COHERENT}. */
  MemoryType type();

  /**
   * Where the next chunk lies.
   *
   * @param bytes its size
   * @throws dev.pgmap.api.MmException if there is no room for one
   */
  PhysRange claim(DevmemKernel kernel, long bytes, String name);

  /** The chunk is offline: gives its addresses back. */
  void release(DevmemKernel kernel, PhysRange range);

  /** Whether the bytes of a page lie elsewhere, since no CPU can reach it. */
  boolean needsBacking();

  /** The ops of its pgmaps, which tell the memory of pages that became free. */
  DevPagemapOps ops(DevmemKernel kernel, DeviceMemory memory);
}
