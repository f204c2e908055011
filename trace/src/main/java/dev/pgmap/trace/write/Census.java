package dev.pgmap.trace.write;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.refs.PageRefDecoder;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What there is in a recording, for whoever has to know before the first event.
 *
 * @param tracer which tracer made the events, as {@code current_tracer} calls it
 * @param events how many there are, stacks included
 * @param lost how many are known to be lost
 * @param names of the events that occur
 * @param buffers that have events
 * @param pageRefBuffers buffers that have events which change a page's count
 */
record Census(
    String tracer,
    long events,
    long lost,
    Set<String> names,
    Set<String> buffers,
    Set<String> pageRefBuffers) {

  /** Goes through a source once. */
  static Census of(TraceSource source) {
    PageRefDecoder pageRefs = new PageRefDecoder(source.events());
    Set<String> names = new LinkedHashSet<>();
    Set<String> buffers = new LinkedHashSet<>();
    Set<String> pageRefBuffers = new LinkedHashSet<>();
    long events = 0;
    long lost = 0;
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        TraceEvent event = cursor.event();
        EventFormat format = event.format();
        events++;
        lost += Math.max(0, event.lost());
        names.add(format.name());
        buffers.add(event.buffer());
        if (pageRefs.decodes(format)) {
          pageRefBuffers.add(event.buffer());
        }
      }
    }
    return new Census(tracerOf(names), events, lost, names, buffers, pageRefBuffers);
  }

  /** The same, made by that tracer. */
  Census by(String otherTracer) {
    return new Census(otherTracer, events, lost, names, buffers, pageRefBuffers);
  }

  /** Whether an event of that name occurs. */
  boolean has(String name) {
    return names.contains(name);
  }

  /** Length of the longest name of a buffer. */
  int bufferWidth() {
    return buffers.stream().mapToInt(String::length).max().orElse(0);
  }

  private static String tracerOf(Set<String> names) {
    if (names.contains("funcgraph_entry") || names.contains("funcgraph_exit")) {
      return "function_graph";
    }
    return names.contains("function") ? "function" : "nop";
  }
}
