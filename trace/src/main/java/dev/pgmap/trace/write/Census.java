package dev.pgmap.trace.write;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;

/**
 * What the head of a text tells of all events that follow.
 *
 * @param events how many there are, stacks included
 * @param lost how many are known to be lost
 * @param tracer which tracer made them, as {@code current_tracer} calls it
 * @param bufferWidth length of the longest name of a buffer
 */
record Census(long events, long lost, String tracer, int bufferWidth) {
  /** Goes through a source once. */
  static Census of(TraceSource source) {
    long events = 0;
    long lost = 0;
    int bufferWidth = 0;
    String tracer = "nop";
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        TraceEvent event = cursor.event();
        events++;
        lost += Math.max(0, event.lost());
        bufferWidth = Math.max(bufferWidth, event.buffer().length());
        tracer = tracer.equals("nop") ? tracerOf(event.format()) : tracer;
      }
    }
    return new Census(events, lost, tracer, bufferWidth);
  }

  private static String tracerOf(EventFormat format) {
    return switch (format.name()) {
      case "function" -> "function";
      case "funcgraph_entry", "funcgraph_exit" -> "function_graph";
      default -> "nop";
    };
  }
}
