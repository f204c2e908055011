package dev.pgmap.trace.read.dat;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.read.input.ByteCursor;
import java.util.Comparator;
import java.util.List;

/**
 * Where the pages of one cpu of one buffer are.
 *
 * @param buffer name of the instance; empty for the top one
 * @param cpu from 0
 * @param offset in the file
 * @param bytes in the file
 * @param pageBytes size of a page; the last one may be short
 * @param packed whether the pages are in compressed chunks
 */
record CpuRegion(String buffer, int cpu, long offset, long bytes, int pageBytes, boolean packed) {
  /** More than NR_CPUS of any kernel. */
  static final int MAX_CPUS = 1 << 16;

  /** As many regions may all buffers have together. */
  private static final int MAX_REGIONS = 1 << 16;

  private static final int LEAST_PAGE_BYTES = 64;

  /** RB_WRITE_MASK + 1: the kernel's limit for a sub-buffer. */
  private static final int MOST_PAGE_BYTES = 1 << 20;

  /**
   * Reads the size of a page.
   *
   * @throws TraceException if no kernel has such pages
   */
  static int pageBytes(ByteCursor in) {
    int bytes = in.count(MOST_PAGE_BYTES, "a page size");
    if (bytes < LEAST_PAGE_BYTES) {
      throw in.error("a page size of " + bytes, "at least " + LEAST_PAGE_BYTES, "it is damaged");
    }
    return bytes;
  }

  /**
   * Checks that regions are in the file and apart, so that no byte is read twice.
   *
   * @throws TraceException if they are not
   */
  static void check(List<CpuRegion> regions, long fileBytes, String source) {
    if (regions.size() > MAX_REGIONS) {
      throw new TraceException(
          source, regions.size() + " cpus with data", "at most " + MAX_REGIONS, "it is damaged");
    }
    long end = 0;
    List<CpuRegion> sorted =
        regions.stream().sorted(Comparator.comparingLong(CpuRegion::offset)).toList();
    for (CpuRegion region : sorted) {
      if (region.offset < 0 || region.bytes < 0 || region.bytes > fileBytes - region.offset) {
        throw region.error(
            source, "data up to " + region.endText(), "a file of " + fileBytes + " bytes or less");
      }
      if (region.offset < end) {
        throw region.error(source, "data that overlaps another cpu's", "data of its own");
      }
      end = region.offset + region.bytes;
    }
  }

  private String endText() {
    return Long.toUnsignedString(offset + bytes);
  }

  private TraceException error(String source, String found, String expected) {
    return TraceException.at(
        source,
        offset,
        "cpu %d%s: %s".formatted(cpu, buffer.isEmpty() ? "" : " of buffer " + buffer, found),
        expected,
        "the recording is cut short or damaged");
  }
}
