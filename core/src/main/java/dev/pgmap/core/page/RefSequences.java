package dev.pgmap.core.page;

import dev.pgmap.core.sync.Mutex;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.LongPredicate;

/**
 * What happened to the counts of many pages: the sequence of page_ref events of each, in the
 * notation of the recordings of real kernels.
 *
 * <p>An event is {@code mod(+1)->2}: its name without {@code page_ref_}, the amount, the count
 * after it. Consecutive equal events are one with a number of repeats, and the count is that after
 * the last: {@code mod(+1)x512->513 ; mod_and_test(-512)->1 ret=0}. Thread-safe.
 */
public final class RefSequences {
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

  private final Mutex lock = new Mutex();
  private final Map<Long, List<Run>> runs = new LinkedHashMap<>();

  /** An event that returns nothing: {@code set}, {@code mod}. */
  public void note(long pfn, String event, int val, int count) {
    note(pfn, event, val, count, "", "");
  }

  /** An event that tells success from failure: {@code mod_and_test}, {@code mod_unless}. */
  public void noteTest(long pfn, String event, int val, int count, boolean ret) {
    String text = ret ? " ret=1" : " ret=0";
    note(pfn, event, val, count, text, text);
  }

  /**
   * An event that returns the count, {@code mod_and_return}; equal only to one that returned it
   * too.
   */
  public void noteReturn(long pfn, String event, int val, int count) {
    String text = " ret=" + count;
    note(pfn, event, val, count, text, text);
  }

  private void note(long pfn, String event, int val, int count, String outcome, String ret) {
    String what = event + (val < 0 ? "(" : "(+") + val + ")";
    lock.lock();
    try {
      List<Run> ofPage = runs.computeIfAbsent(pfn, unused -> new ArrayList<>(2));
      if (ofPage.isEmpty() || !ofPage.getLast().isSame(what, outcome)) {
        ofPage.add(new Run(what, outcome));
      }
      Run run = ofPage.getLast();
      run.repeats++;
      run.after = "->" + count + ret;
    } finally {
      lock.unlock();
    }
  }

  /** The events of one page so far, or an empty text. */
  public String of(long pfn) {
    lock.lock();
    try {
      return text(runs.getOrDefault(pfn, List.of()));
    } finally {
      lock.unlock();
    }
  }

  private static String text(List<Run> ofPage) {
    return String.join(" ; ", ofPage.stream().map(Run::toString).toList());
  }

  /** Pages with equal events together, by events, in the order of their first event. */
  public Map<String, TreeSet<Long>> pagesByEvents(LongPredicate wanted) {
    Map<String, TreeSet<Long>> groups = new LinkedHashMap<>();
    lock.lock();
    try {
      runs.forEach((pfn, ofPage) -> {
        if (wanted.test(pfn)) {
          groups.computeIfAbsent(text(ofPage), unused -> new TreeSet<>()).add(pfn);
        }
      });
    } finally {
      lock.unlock();
    }
    return groups;
  }

  /** As {@link #groups(LongPredicate)}, of all pages. */
  public List<String> groups() {
    return groups(pfn -> true);
  }

  /** The same, one line for each group: {@code pfns=4 first=0x70002 last=0x70400 :: set(+1)->1}. */
  public List<String> groups(LongPredicate wanted) {
    List<String> lines = new ArrayList<>();
    pagesByEvents(wanted)
        .forEach((events, pfns) ->
            lines.add(
                "pfns=%d first=0x%x last=0x%x :: %s"
                    .formatted(pfns.size(), pfns.first(), pfns.last(), events)));
    return lines;
  }

  /** Forgets the events so far. */
  public void clear() {
    lock.lock();
    runs.clear();
    lock.unlock();
  }
}
