package dev.pgmap.trace.ledger;

import org.jspecify.annotations.Nullable;

/**
 * A task that waits for pages at the end of the recording, or memory that was removed.
 *
 * @param what {@link What}
 * @param by the function or event that says so
 * @param task who; null if events do not tell
 * @param since when it began, in units of the clock
 * @param pfns the pages concerned; empty if the event does not tell
 * @param detail what the event says besides, such as {@code pgmap=3 refs=17}; may be empty
 */
public record Wait(
    What what, String by, @Nullable TaskShare task, long since, PfnRanges pfns, String detail) {
  /** What happens to the pages. */
  public enum What {
    /** A task waits until nobody holds them. */
    WAITING,
    /** Their struct pages were taken away: a put now is a put of nothing. */
    REMOVED
  }

  /** Whether it may be about a page: its range has it, or it is not known. */
  public boolean concerns(PfnRanges others) {
    if (pfns.size() == 0) {
      return true;
    }
    for (int i = 0; i < pfns.size(); i++) {
      if (others.intersects(pfns.firsts().get(i), pfns.lasts().get(i))) {
        return true;
      }
    }
    return false;
  }
}
