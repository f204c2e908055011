package dev.pgmap.shell.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pages that a filter such as {@code (pfn >= 0x10 && pfn < 0x20) || pfn >= 0x40} lets through.
 * Immutable.
 *
 * @param ranges the first pfn and one past the last, of each part
 */
record PfnWindow(List<long[]> ranges) implements LongPredicate {
  private static final Pattern RANGE =
      Pattern.compile("pfn >= 0x([0-9a-f]{1,15})(?: && pfn < 0x([0-9a-f]{1,15}))?");

  static PfnWindow parse(String filter) {
    List<long[]> ranges = new ArrayList<>();
    Matcher range = RANGE.matcher(filter);
    while (range.find()) {
      long end = range.group(2) == null ? Long.MAX_VALUE : Long.parseLong(range.group(2), 16);
      ranges.add(new long[] {Long.parseLong(range.group(1), 16), end});
    }
    return new PfnWindow(ranges);
  }

  @Override
  public boolean test(long pfn) {
    return ranges.stream().anyMatch(range -> pfn >= range[0] && pfn < range[1]);
  }
}
