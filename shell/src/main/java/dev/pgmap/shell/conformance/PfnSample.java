package dev.pgmap.shell.conformance;

import dev.pgmap.shell.format.Sizes;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page frames of a pmem region.
 *
 * @param firstPfn the first
 * @param endPfn one past the last
 */
record PfnSample(long firstPfn, long endPfn) {
  private static final Pattern PMEM = Pattern.compile("memmap=([0-9A-Za-z]+)!([0-9A-Za-z]+)");

  /** Those of the region with that number: regions are numbered as the command line has them. */
  static PfnSample ofRegion(Meta meta, int region) {
    Matcher pmem = PMEM.matcher(meta.header("cmdline"));
    for (int i = 0; pmem.find(); i++) {
      if (i == region) {
        long start = Sizes.parse("memmap", pmem.group(2));
        long bytes = Sizes.parse("memmap", pmem.group(1));
        return new PfnSample(start >>> 12, start + bytes >>> 12);
      }
    }
    return new PfnSample(0, 0);
  }

  /** Whether any of them satisfies a condition; looks at every 2 MiB, and at the last page. */
  boolean anyIn(LongPredicate window) {
    for (long pfn = firstPfn; pfn < endPfn; pfn += 512) {
      if (window.test(pfn)) {
        return true;
      }
    }
    return firstPfn < endPfn && window.test(endPfn - 1);
  }
}
