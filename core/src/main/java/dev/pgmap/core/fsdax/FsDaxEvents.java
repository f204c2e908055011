package dev.pgmap.core.fsdax;

import dev.pgmap.api.trace.Tracepoint;

/**
 * The trace events of DAX files: the kernel's own ({@code fs_dax}), and ours of a layout that is
 * broken ({@code pgmap}).
 *
 * <p>The methods do nothing: a recorder weaves itself in, and knows the kernel's events. Stateless.
 */
final class FsDaxEvents {
  private static final String SYSTEM = "fs_dax";

  private FsDaxEvents() {}

  /** A fault asks for a PMD entry. */
  @Tracepoint(system = SYSTEM, event = "dax_pmd_fault")
  static void pmdFault(
      long ino,
      long vmStart,
      long vmEnd,
      long vmFlags,
      long address,
      long pgoff,
      long maxPgoff,
      long dev,
      long flags,
      long result) {}

  /** The same is over. */
  @Tracepoint(system = SYSTEM, event = "dax_pmd_fault_done")
  static void pmdFaultDone(
      long ino,
      long vmStart,
      long vmEnd,
      long vmFlags,
      long address,
      long pgoff,
      long maxPgoff,
      long dev,
      long flags,
      long result) {}

  /** A hole of 2 MiB was mapped to the huge zero page. */
  @Tracepoint(system = SYSTEM, event = "dax_pmd_load_hole")
  static void pmdLoadHole(
      long ino, long vmFlags, long address, long zeroPage, long entry, long dev) {}

  /** There was no huge zero page to map it to. */
  @Tracepoint(system = SYSTEM, event = "dax_pmd_load_hole_fallback")
  static void pmdLoadHoleFallback(
      long ino, long vmFlags, long address, long zeroPage, long entry, long dev) {}

  /** A fault asks for a PTE. */
  @Tracepoint(system = SYSTEM, event = "dax_pte_fault")
  static void pteFault(
      long ino, long vmFlags, long address, long pgoff, long dev, long flags, long result) {}

  /** The same is over. */
  @Tracepoint(system = SYSTEM, event = "dax_pte_fault_done")
  static void pteFaultDone(
      long ino, long vmFlags, long address, long pgoff, long dev, long flags, long result) {}

  /** A hole was mapped to the zero page. */
  @Tracepoint(system = SYSTEM, event = "dax_load_hole")
  static void loadHole(
      long ino, long vmFlags, long address, long pgoff, long dev, long flags, long result) {}

  /** A synchronous fault found its entry gone after the sync. */
  @Tracepoint(system = SYSTEM, event = "dax_insert_pfn_mkwrite_no_entry")
  static void insertPfnMkwriteNoEntry(
      long ino, long vmFlags, long address, long pgoff, long dev, long flags, long result) {}

  /** A synchronous fault made its page writable. */
  @Tracepoint(system = SYSTEM, event = "dax_insert_pfn_mkwrite")
  static void insertPfnMkwrite(
      long ino, long vmFlags, long address, long pgoff, long dev, long flags, long result) {}

  /** A write-back begins. */
  @Tracepoint(system = SYSTEM, event = "dax_writeback_range")
  static void writebackRange(long ino, long startIndex, long endIndex, long dev) {}

  /** A write-back is over. */
  @Tracepoint(system = SYSTEM, event = "dax_writeback_range_done")
  static void writebackRangeDone(long ino, long startIndex, long endIndex, long dev) {}

  /** One entry was cleaned. */
  @Tracepoint(system = SYSTEM, event = "dax_writeback_one")
  static void writebackOne(long ino, long pgoff, long pglen, long dev) {}

  /** Breaking a layout waits for a page. */
  @Tracepoint(
      system = "pgmap",
      event = "pgmap_layout_wait",
      fields = {"unsigned long ino", "unsigned long pfn", "long count"},
      print = "\"ino=%lu pfn=0x%lx count=%ld\", REC->ino, REC->pfn, REC->count")
  static void layoutWait(long ino, long pfn, long count) {}

  /** The page is idle, or the wait was interrupted. */
  @Tracepoint(
      system = "pgmap",
      event = "pgmap_layout_woken",
      fields = {"unsigned long ino", "unsigned long pfn", "long interrupted"},
      print = "\"ino=%lu pfn=0x%lx interrupted=%ld\", REC->ino, REC->pfn, REC->interrupted")
  static void layoutWoken(long ino, long pfn, long interrupted) {}

  /** A layout is broken: nobody holds a page of the part. */
  @Tracepoint(
      system = "pgmap",
      event = "pgmap_layout_broken",
      fields = {"unsigned long ino", "unsigned long pgoff", "unsigned long nr_pages"},
      print = "\"ino=%lu pgoff=%lu nr_pages=%lu\", REC->ino, REC->pgoff, REC->nr_pages")
  static void layoutBroken(long ino, long pgoff, long nrPages) {}
}
