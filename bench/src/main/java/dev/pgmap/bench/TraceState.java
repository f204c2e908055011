package dev.pgmap.bench;

import dev.pgmap.trace.record.RecordClock;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What tracing does while a workload runs. */
enum TraceState {
  /** A JVM without the agent. */
  NEVER(null),
  /** Events were woven in, recorded, and taken out again. */
  OFF(null),
  /** Events are woven in, {@code tracing_on} is 0. */
  PAUSED(RecordClock.COUNTER),
  /** Every event is recorded, with one clock or another. */
  COUNTER(RecordClock.COUNTER),
  MIXED(RecordClock.MIXED),
  MONO(RecordClock.MONO),
  LOCAL(RecordClock.LOCAL);

  private final @Nullable RecordClock clock;

  TraceState(@Nullable RecordClock clock) {
    this.clock = clock;
  }

  /** The clock to record with; null if events are not woven in while the workload runs. */
  @Nullable RecordClock clock() {
    return clock;
  }

  boolean hasAgent() {
    return this != NEVER;
  }

  boolean records() {
    return clock != null && this != PAUSED;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static TraceState of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
