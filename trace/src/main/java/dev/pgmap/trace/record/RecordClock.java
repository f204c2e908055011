package dev.pgmap.trace.record;

import dev.pgmap.trace.event.TraceClock;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The clocks that stamp events, by their names in {@code trace_clock}. */
public enum RecordClock {
  /** Nanoseconds since the machine booted. */
  LOCAL,
  /** The same: this machine's cpus share one clock. */
  GLOBAL,
  /** One number per event, across all lanes: the order of things without their time. */
  COUNTER,
  /** The host's monotonic clock, in nanoseconds. */
  MONO,
  /**
   * Nanoseconds since boot, but the host's clock is read only at every 32nd event of a lane and
   * whenever a millisecond has passed; the events between are 1 ns apart. Order within a lane is
   * exact; a stamp is early by no more than the time that up to 31 events took, and by about a
   * millisecond at worst.
   */
  MIXED;

  /** The name in {@code trace_clock}. */
  public String kernelName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The clock of that name; null if there is none. */
  public static @Nullable RecordClock named(String name) {
    for (RecordClock clock : values()) {
      if (clock.kernelName().equals(name)) {
        return clock;
      }
    }
    return null;
  }

  /** What a recording says of it. */
  public TraceClock asTraceClock() {
    return TraceClock.named(kernelName());
  }
}
