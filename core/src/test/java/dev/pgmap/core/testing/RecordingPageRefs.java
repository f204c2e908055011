package dev.pgmap.core.testing;

import dev.pgmap.core.page.PageRefs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes down every page_ref event in the notation of the recordings of real kernels: {@code
 * mod(+1)x512->513 ; mod_and_test(-512)->1 ret=0}.
 *
 * <p>Consecutive equal events of a page are one with a number of repeats; the count is that after
 * the last one. Thread-safe; with several threads on one page, the counts are those of some moment
 * after the event.
 */
public final class RecordingPageRefs extends PageRefs {
  private static final class Run {
    private final String what;
    private final String outcome;
    private int repeats;
    private String after = "";

    private Run(String what, String outcome) {
      this.what = what;
      this.outcome = outcome;
    }

    private boolean isSame(String otherWhat, String otherOutcome) {
      return what.equals(otherWhat) && outcome.equals(otherOutcome);
    }

    @Override
    public String toString() {
      return what + (repeats > 1 ? "x" + repeats : "") + after;
    }
  }

  private final Map<Long, List<Run>> runs = new LinkedHashMap<>();

  @Override
  public void set(long pfn, long rec, int value, boolean base) {
    super.set(pfn, rec, value, base);
    note(pfn, rec, "set", value, "");
  }

  @Override
  public void mod(long pfn, long rec, int val) {
    super.mod(pfn, rec, val);
    note(pfn, rec, "mod", val, "");
  }

  @Override
  public boolean modAndTest(long pfn, long rec, int val) {
    boolean zero = super.modAndTest(pfn, rec, val);
    note(pfn, rec, "mod_and_test", val, zero ? " ret=1" : " ret=0");
    return zero;
  }

  @Override
  public int modAndReturn(long pfn, long rec, int val) {
    int count = super.modAndReturn(pfn, rec, val);
    note(pfn, rec, "mod_and_return", val, " ret=" + count);
    return count;
  }

  @Override
  public boolean modUnless(long pfn, long rec, int val) {
    boolean done = super.modUnless(pfn, rec, val);
    note(pfn, rec, "mod_unless", val, done ? " ret=1" : " ret=0");
    return done;
  }

  @Override
  public boolean dropBase(long pfn, long rec) {
    boolean zero = super.dropBase(pfn, rec);
    note(pfn, rec, "mod_and_test", -1, zero ? " ret=1" : " ret=0");
    return zero;
  }

  private synchronized void note(long pfn, long rec, String event, int val, String ret) {
    String what = "%s(%+d)".formatted(event, val);
    List<Run> ofPage = runs.computeIfAbsent(pfn, unused -> new ArrayList<>(2));
    boolean counted = event.equals("mod_and_return");
    if (ofPage.isEmpty() || !ofPage.getLast().isSame(what, counted ? "" : ret)) {
      ofPage.add(new Run(what, counted ? "" : ret));
    }
    Run run = ofPage.getLast();
    run.repeats++;
    run.after = "->" + count(rec) + ret;
  }

  /** The events of one page so far, or an empty text. */
  public synchronized String of(long pfn) {
    return text(runs.getOrDefault(pfn, List.of()));
  }

  private static String text(List<Run> ofPage) {
    return String.join(" ; ", ofPage.stream().map(Run::toString).toList());
  }

  /**
   * Pages with equal events together, one line each: {@code pfns=4 first=0x70002 last=0x70400 ::
   * set(+1)->1}. Groups come in the order of their first events, pages in the order of their
   * numbers.
   */
  public synchronized List<String> groups() {
    Map<String, TreeMap<Long, Boolean>> groups = new LinkedHashMap<>();
    runs.forEach((pfn, ofPage) ->
        groups.computeIfAbsent(text(ofPage), unused -> new TreeMap<>()).put(pfn, true));
    List<String> lines = new ArrayList<>();
    groups.forEach((events, pfns) ->
        lines.add(
            "pfns=%d first=0x%x last=0x%x :: %s"
                .formatted(pfns.size(), pfns.firstKey(), pfns.lastKey(), events)));
    return lines;
  }

  /** Forgets the events so far. */
  public synchronized void clear() {
    runs.clear();
  }
}
