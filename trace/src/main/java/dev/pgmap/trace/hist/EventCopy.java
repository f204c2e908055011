package dev.pgmap.trace.hist;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceEvent;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event that stays when its cursor goes on. Immutable. */
final class EventCopy implements TraceEvent {
  private final EventFormat format;
  private final long timestamp;
  private final int cpu;
  private final int pid;
  private final String comm;
  private final int flags;
  private final int preemptCount;
  private final long lost;
  private final String buffer;
  private final Map<EventField, Object> values = new HashMap<>();

  EventCopy(TraceEvent event) {
    format = event.format();
    timestamp = event.timestamp();
    cpu = event.cpu();
    pid = event.pid();
    comm = event.comm();
    flags = event.flags();
    preemptCount = event.preemptCount();
    lost = event.lost();
    buffer = event.buffer();
    format.common().forEach(field -> values.put(field, value(event, field)));
    format.fields().forEach(field -> values.put(field, value(event, field)));
  }

  private static Object value(TraceEvent event, EventField field) {
    if (field.shape().isText()) {
      return event.text(field);
    }
    if (field.shape() == EventField.Shape.NUMBER) {
      return new long[] {event.number(field)};
    }
    long[] elements = new long[event.length(field)];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = event.element(field, i);
    }
    return elements;
  }

  @Override
  public EventFormat format() {
    return format;
  }

  @Override
  public long timestamp() {
    return timestamp;
  }

  @Override
  public int cpu() {
    return cpu;
  }

  @Override
  public int pid() {
    return pid;
  }

  @Override
  public String comm() {
    return comm;
  }

  @Override
  public int flags() {
    return flags;
  }

  @Override
  public int preemptCount() {
    return preemptCount;
  }

  @Override
  public long lost() {
    return lost;
  }

  @Override
  public String buffer() {
    return buffer;
  }

  @Override
  public long number(EventField field) {
    return element(field, 0);
  }

  @Override
  public String text(EventField field) {
    if (values.get(field) instanceof String text) {
      return text;
    }
    throw wrong(field, "no text");
  }

  @Override
  public int length(EventField field) {
    return values.get(field) instanceof String text ? text.length() : elements(field).length;
  }

  @Override
  public long element(EventField field, int index) {
    return elements(field)[index];
  }

  private long[] elements(EventField field) {
    @Nullable Object value = values.get(field);
    if (value instanceof long[] elements) {
      return elements;
    }
    throw wrong(field, "no number");
  }

  private IllegalArgumentException wrong(EventField field, String what) {
    return new IllegalArgumentException(
        "field %s of %s: %s of this event".formatted(field.name(), format, what));
  }
}
