package dev.pgmap.trace.read.text;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.EventTable;
import dev.pgmap.trace.event.Symbols;
import java.util.Map;
import java.util.Objects;

/**
 * What the first pass over a text found. Immutable once made.
 *
 * @param schemas by {@link #key}
 * @param counts whether stamps are counts
 * @param skipped lines that were no events but should be
 * @param firstSkipped number of the first of them
 */
record TextModel(
    EventTable events,
    Map<String, Schema> schemas,
    Functions functions,
    Symbols symbols,
    Comms comms,
    boolean counts,
    int nrCpus,
    long skipped,
    long firstSkipped) {

  /** What an event goes by: its name, with the system if the line tells it and it is no tracer. */
  static String key(RawEvent raw) {
    boolean bare = raw.system.isEmpty() || raw.system.equals("ftrace");
    return bare ? raw.event : raw.system + ":" + raw.event;
  }

  /** Looks for the fields of an event whose dialect did not. */
  static void findFields(RawEvent raw) {
    if (!raw.hasFields) {
      raw.fields.addAll(raw.body);
      raw.hasFields = true;
    }
  }

  /** The schema of an event. */
  Schema schema(RawEvent raw) {
    return schema(key(raw));
  }

  private Schema schema(String key) {
    return Objects.requireNonNull(schemas.get(key), "the file has changed since it was opened");
  }

  /** The schema of stacks. */
  Schema stack() {
    return schema(RawEvent.STACK);
  }
}
