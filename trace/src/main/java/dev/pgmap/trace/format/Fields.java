package dev.pgmap.trace.format;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.TraceEvent;

/** Reads fields of an event as C would: a text is an array of chars, too. */
final class Fields {
  private Fields() {}

  /** An element; 0 beyond the end. */
  static long element(TraceEvent event, EventField field, long index) {
    if (field.shape() == EventField.Shape.NUMBER) {
      return index == 0 ? event.number(field) : 0;
    }
    if (field.shape().isText()) {
      String text = event.text(field);
      return index >= 0 && index < text.length() ? text.charAt((int) index) : 0;
    }
    return index >= 0 && index < event.length(field) ? event.element(field, (int) index) : 0;
  }

  /** Bytes that the field holds in this event. */
  static int bytes(TraceEvent event, EventField field) {
    return event.length(field) * (field.shape().isText() ? 1 : field.elementBytes());
  }

  /** One of the field's bytes, in the order of a little endian machine; 0 beyond the end. */
  static int octet(TraceEvent event, EventField field, int index) {
    int size = field.shape().isText() ? 1 : field.elementBytes();
    return (int) (element(event, field, index / size) >>> 8 * (index % size)) & 0xff;
  }
}
