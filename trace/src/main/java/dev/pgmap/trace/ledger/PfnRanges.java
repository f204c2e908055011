package dev.pgmap.trace.ledger;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A set of page frame numbers as ranges. Immutable.
 *
 * @param firsts the first pfn of each range, ascending
 * @param lasts the last pfn of each range, inclusive
 */
public record PfnRanges(List<Long> firsts, List<Long> lasts) {
  /** No page. */
  public static final PfnRanges NONE = new PfnRanges(List.of(), List.of());

  /** Ranges; both lists have the same length. */
  public PfnRanges {
    firsts = List.copyOf(firsts);
    lasts = List.copyOf(lasts);
  }

  /** The ranges of some pfns, in any order and with repetitions. */
  static PfnRanges of(long[] pfns, int nr) {
    if (nr == 0) {
      return NONE;
    }
    long[] sorted = Arrays.copyOf(pfns, nr);
    Arrays.sort(sorted);
    int[] begins =
        IntStream.range(0, nr).filter(i -> i == 0 || sorted[i] > sorted[i - 1] + 1).toArray();
    List<Long> firsts = Arrays.stream(begins).mapToObj(i -> sorted[i]).toList();
    List<Long> lasts =
        IntStream.range(0, begins.length)
            .mapToObj(i -> sorted[i + 1 < begins.length ? begins[i + 1] - 1 : nr - 1])
            .toList();
    return new PfnRanges(firsts, lasts);
  }

  /** Number of ranges. */
  public int size() {
    return firsts.size();
  }

  /** Number of pages. */
  public long nrPages() {
    long sum = 0;
    for (int i = 0; i < size(); i++) {
      sum += lasts.get(i) - firsts.get(i) + 1;
    }
    return sum;
  }

  /** Whether a page is among them. */
  public boolean contains(long pfn) {
    for (int i = 0; i < size(); i++) {
      if (pfn >= firsts.get(i) && pfn <= lasts.get(i)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a range has any page of these. */
  public boolean intersects(long first, long last) {
    for (int i = 0; i < size(); i++) {
      if (firsts.get(i) <= last && lasts.get(i) >= first) {
        return true;
      }
    }
    return false;
  }

  /** Such as {@code 0x70200-0x7020f 0x70400}, up to so many ranges. */
  public String text(int most) {
    String shown =
        IntStream.range(0, Math.min(most, size()))
            .mapToObj(i -> range(firsts.get(i), lasts.get(i)))
            .collect(Collectors.joining(" "));
    return size() > most ? shown + " and %d more ranges".formatted(size() - most) : shown;
  }

  private static String range(long first, long last) {
    return first == last ? "0x%x".formatted(first) : "0x%x-0x%x".formatted(first, last);
  }
}
