package dev.pgmap.trace.report;

import java.util.ArrayList;
import java.util.List;

/** Events of a lane, thinned as they grow: each second, then each fourth, and so on. */
final class Marks {
  private final int most;
  private final List<Mark> kept = new ArrayList<>();
  private long added;
  private int every = 1;

  /** At most so many. */
  Marks(int most) {
    this.most = most;
  }

  /** Whether the next one would be kept; if not, {@link #skip} says that it was there. */
  boolean wantsNext() {
    return added % every == 0;
  }

  void skip() {
    added++;
  }

  void add(Mark mark) {
    if (kept.size() == most) {
      for (int i = 0; i < (most + 1) / 2; i++) {
        kept.set(i, kept.get(2 * i));
      }
      kept.subList((most + 1) / 2, most).clear();
      every *= 2;
      if (!wantsNext()) {
        skip();
        return;
      }
    }
    kept.add(mark);
    added++;
  }

  long added() {
    return added;
  }

  List<Mark> kept() {
    return List.copyOf(kept);
  }
}
