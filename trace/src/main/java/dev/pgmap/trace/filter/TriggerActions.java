package dev.pgmap.trace.filter;

import dev.pgmap.trace.event.TraceEvent;

/**
 * What triggers can do: implemented by a recorder. Called on the thread that traces, so that
 * nothing here may block or throw.
 */
public interface TriggerActions {
  /** Does nothing: for recordings that were made elsewhere. */
  TriggerActions NONE =
      new TriggerActions() {
        @Override
        public void trace(boolean on) {}

        @Override
        public void snapshot() {}

        @Override
        public void stack(TraceEvent event) {}

        @Override
        public void enable(String system, String event, boolean on) {}
      };

  /** {@code traceon}, {@code traceoff}: {@code tracing_on}. */
  void trace(boolean on);

  /** {@code snapshot}: swaps the buffers. */
  void snapshot();

  /** {@code stacktrace}: records the stack of the event that fired, right after it. */
  void stack(TraceEvent event);

  /** {@code enable_event}, {@code disable_event}; the event exists. */
  void enable(String system, String event, boolean on);
}
