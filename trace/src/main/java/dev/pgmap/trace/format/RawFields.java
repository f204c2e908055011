package dev.pgmap.trace.format;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventField.Shape;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceEvent;

/**
 * Prints an event field by field, {@code name=value}: what trace-cmd does where it cannot parse the
 * format. Follows libtraceevent's print_field_raw.
 */
public final class RawFields {
  private RawFields() {}

  /** Appends a blank, the name, {@code =} and the value of each of the event's own fields. */
  public static void print(EventFormat format, TraceEvent event, StringBuilder out) {
    for (EventField field : format.fields()) {
      out.append(' ').append(field.name()).append('=');
      value(event, field, out);
    }
  }

  private static void value(TraceEvent event, EventField field, StringBuilder out) {
    if (field.shape().isText()) {
      out.append(event.text(field));
    } else if (field.shape() != Shape.NUMBER) {
      out.append("ARRAY[");
      Texts.hexBytes(out, event, field, Long.MAX_VALUE, ", ");
      out.append(']');
    } else {
      number(event.number(field), field, out);
    }
  }

  /** A long is taken for a pointer. */
  private static void number(long value, EventField field, StringBuilder out) {
    boolean pointer = field.declaration().indexOf('*') >= 0;
    boolean isLong = field.declaration().contains("long");
    if (pointer || isLong && (!field.signed() || field.bytes() == 4)) {
      Digits.hex(out.append("0x"), new CType(8 * field.bytes(), false).wrap(value));
    } else if (field.signed()) {
      out.append(field.bytes() == 2 && value >= 0 && value < 10 ? " " : "").append(value);
    } else {
      Digits.unsigned(out, value);
    }
  }
}
