package dev.pgmap.trace.read.text;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import java.util.List;

/** How the text of one event becomes the fields of a format. Immutable. */
abstract class Schema {
  private final EventFormat format;
  private final List<EventField> fields;

  Schema(EventFormat format) {
    this.format = format;
    this.fields = format.fields();
  }

  /** The format. */
  final EventFormat format() {
    return format;
  }

  /** Number of own fields. */
  final int size() {
    return fields.size();
  }

  /** Where a field is among the event's own; -1 if it is none of them. */
  final int indexOf(EventField field) {
    return fields.indexOf(field);
  }

  /** Puts what the line says into the values of an event, which are 0 and empty before. */
  abstract void fill(RawEvent raw, Values values);
}
