package dev.pgmap.shell.guptest;

import dev.pgmap.core.mm.MemoryAdvice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run of gup_test is to do.
 *
 * @param ioctl the command
 * @param bytes how much to map and take
 * @param nrPagesPerCall as an unsigned 32-bit number
 * @param repeats how often a timed command is run
 * @param nrThreads threads that do all of it, on the same mapping
 * @param file what to map
 * @param shared whether to map it shared
 * @param hugetlb whether to map anonymous huge pages instead
 * @param advice what to tell the kernel about huge pages; null for nothing
 * @param gupFlags FOLL bits in the engine's numbers
 * @param touch whether user space writes every page first
 * @param dumpPins whether the dump pins
 * @param dumpPages 0-based numbers of the pages to dump
 */
record GupTestPlan(
    GupIoctl ioctl,
    long bytes,
    long nrPagesPerCall,
    int repeats,
    int nrThreads,
    String file,
    boolean shared,
    boolean hugetlb,
    @Nullable MemoryAdvice advice,
    int gupFlags,
    boolean touch,
    boolean dumpPins,
    List<Long> dumpPages) {

  /** Whether pages are pinned rather than got. */
  boolean pins() {
    return ioctl == GupIoctl.DUMP_USER_PAGES_TEST ? dumpPins : ioctl.pins();
  }
}
