package dev.pgmap.trace.hist;

import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.filter.EventFilter;
import dev.pgmap.trace.filter.Trigger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A trigger that an event has. Thread-safe. */
sealed interface ActiveTrigger {
  /** The line of the {@code trigger} file. */
  String show();

  /** A histogram. */
  record Hist(Histogram histogram) implements ActiveTrigger {
    @Override
    public String show() {
      return histogram.spec().text() + (histogram.isPaused() ? " [paused]" : " [active]");
    }
  }

  /** Any other; it fires as often as it may, and then stays without effect. */
  record Plain(Trigger trigger, @Nullable EventFilter filter, AtomicLong left)
      implements ActiveTrigger {

    static Plain of(Trigger trigger, @Nullable EventFilter filter) {
      return new Plain(trigger, filter, new AtomicLong(trigger.count()));
    }

    @Override
    public String show() {
      return trigger.show(left.get());
    }

    /** Whether it is to fire at an event; if so, that is one time less. */
    boolean fires(TraceEvent event) {
      return (filter == null || filter.matches(event))
          && left.getAndUpdate(n -> n > 0 ? n - 1 : n) != 0;
    }
  }
}
