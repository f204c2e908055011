package dev.pgmap.trace.read.text;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceEvent;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** An event that a line told of; moved from line to line. For one thread. */
final class TextEvent implements TraceEvent {
  private final Comms comms;
  private final Values values = new Values();
  private @Nullable Schema schema;
  private RawEvent raw = new RawEvent();
  private long lost;

  TextEvent(Comms comms) {
    this.comms = comms;
  }

  /** Turns to what a line told; the line must stay as it is until the next move. */
  void show(Schema eventSchema, RawEvent event, long lostBefore) {
    schema = eventSchema;
    raw = event;
    lost = lostBefore;
    values.clear(eventSchema.size());
    eventSchema.fill(event, values);
  }

  private Schema schema() {
    if (schema == null) {
      throw new IllegalStateException("the event shows no line yet: move its cursor first");
    }
    return schema;
  }

  @Override
  public EventFormat format() {
    return schema().format();
  }

  @Override
  public long timestamp() {
    return raw.stamp;
  }

  @Override
  public int cpu() {
    return raw.cpu;
  }

  @Override
  public int pid() {
    return raw.pid;
  }

  @Override
  public String comm() {
    return raw.comm.equals(Comms.UNKNOWN) ? comms.of(raw.pid) : raw.comm;
  }

  @Override
  public int flags() {
    return raw.flags;
  }

  @Override
  public int preemptCount() {
    return raw.preemptCount;
  }

  @Override
  public long lost() {
    return lost;
  }

  @Override
  public String buffer() {
    return raw.buffer;
  }

  @Override
  public long number(EventField field) {
    int place = schema().indexOf(field);
    if (place < 0) {
      return common(field);
    }
    return switch (field.shape()) {
      case NUMBER -> values.number(place);
      case TEXT, DATA_LOC_TEXT, REL_LOC_TEXT -> throw wrong(field, "is a text");
      case ARRAY, DATA_LOC_ARRAY, REL_LOC_ARRAY -> values.element(0);
    };
  }

  private long common(EventField field) {
    if (!field.equals(format().field(field.name()))) {
      throw wrong(field, "is not of this event");
    }
    return switch (field.name()) {
      case "common_type" -> format().id();
      case "common_flags" -> raw.flags;
      case "common_preempt_count" -> raw.preemptCount;
      case "common_pid" -> raw.pid;
      default -> 0;
    };
  }

  @Override
  public String text(EventField field) {
    if (!field.shape().isText()) {
      throw wrong(field, "is no text");
    }
    return values.text(place(field));
  }

  private int place(EventField field) {
    int place = schema().indexOf(field);
    if (place < 0) {
      throw wrong(field, "is not of this event");
    }
    return place;
  }

  @Override
  public int length(EventField field) {
    if (field.shape() == EventField.Shape.NUMBER) {
      return 1;
    }
    int place = place(field);
    return field.shape().isText()
        ? values.text(place).getBytes(StandardCharsets.UTF_8).length
        : values.nrElements();
  }

  @Override
  public long element(EventField field, int index) {
    place(field);
    if (field.shape() == EventField.Shape.NUMBER || field.shape().isText()) {
      throw wrong(field, "is no array");
    }
    return values.element(index);
  }

  private IllegalArgumentException wrong(EventField field, String why) {
    return new IllegalArgumentException(
        "field %s: %s, which is %s".formatted(field.name(), why, format()));
  }
}
