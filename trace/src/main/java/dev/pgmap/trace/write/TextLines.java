package dev.pgmap.trace.write;

import dev.pgmap.trace.event.TraceEvent;

/** Turns events into lines of text; for one recording, from its first event to its last. */
interface TextLines {
  /** What stands before the first event. */
  void begin(StringBuilder out);

  /** The lines of an event, or those of earlier ones that had to wait for it. */
  void add(TraceEvent event, StringBuilder out);

  /** What still waits. */
  default void end(StringBuilder out) {
    // Most lines wait for nothing.
  }
}
