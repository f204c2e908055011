package dev.pgmap.api.pgmap;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.RamFault;

/**
 * {@code struct dev_pagemap_ops}, the union of its members over all eras, as default methods.
 *
 * <p>The engine calls a method only in the eras whose kernel has that member, so one implementation
 * serves them all. Methods may be called from any thread that drops a reference, also several at
 * once, and must not block unless they say so.
 */
public interface DevPagemapOps {
  /** Ops of a driver that has nothing to add. */
  DevPagemapOps NONE = new DevPagemapOps() {};

  /**
   * The last user reference of a page was dropped (5.3 to 6.18).
   *
   * @param pfn the page; its pgmap is alive for the time of the call
   */
  default void pageFree(Pagemap pgmap, long pfn) {}

  /** The last reference of a folio was dropped (6.19 on); falls back to {@link #pageFree}. */
  default void folioFree(Pagemap pgmap, long headPfn, int order) {
    pageFree(pgmap, headPfn);
  }

  /** Teardown begins: put the reference into the dead state (5.3 to 5.15). */
  default void kill(Pagemap pgmap) {
    pgmap.ref().kill();
  }

  /** Wait until nobody holds the pgmap, then release the reference (5.3 to 5.15). May block. */
  default void cleanup(Pagemap pgmap) {
    pgmap.ref().awaitIdle();
  }

  /**
   * The compound order that suits a device of this alignment (5.17 on).
   *
   * @return 0 for base pages, else log2 of the pages per compound page
   */
  default int vmemmapShift(long alignBytes) {
    return 0;
  }

  /**
   * A CPU touched a page that only the device can reach; bring it back (PRIVATE only). May block.
   * The caller holds the mmap lock, and from 6.1 on a reference of the page, from 6.15 on its lock.
   *
   * @return 0 if the access may be tried again, else {@link dev.pgmap.api.mm.VmFault} codes
   */
  default int migrateToRam(RamFault fault) {
    throw new MmException(Errno.EOPNOTSUPP, "migrate_to_ram: this pgmap has no such op");
  }

  /**
   * Memory failure hit {@code nrPages} pages from {@code pfn} (6.0 on).
   *
   * @return 0 when handled, or a negated errno; {@code -EOPNOTSUPP} asks for the generic way
   */
  default int memoryFailure(Pagemap pgmap, long pfn, long nrPages, int mfFlags) {
    return -Errno.EOPNOTSUPP.number();
  }

  /**
   * A folio was split; called for every piece, and at the end with {@code tailPfn} -1 (6.19 on).
   */
  default void folioSplit(Pagemap pgmap, long headPfn, long tailPfn) {}
}
