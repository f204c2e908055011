package dev.pgmap.core.gup;

import java.util.concurrent.atomic.LongAdder;

/** The pin counters of {@code /proc/vmstat}, in pages. Thread-safe. */
public final class VmStat {
  private final LongAdder pinAcquired = new LongAdder();
  private final LongAdder pinReleased = new LongAdder();

  void acquired(long nrPages) {
    pinAcquired.add(nrPages);
  }

  void released(long nrPages) {
    pinReleased.add(nrPages);
  }

  /** {@code nr_foll_pin_acquired}. */
  public long pinAcquired() {
    return pinAcquired.sum();
  }

  /** {@code nr_foll_pin_released}. */
  public long pinReleased() {
    return pinReleased.sum();
  }
}
