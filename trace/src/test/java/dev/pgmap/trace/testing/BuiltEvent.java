package dev.pgmap.trace.testing;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceEvent;
import java.util.HashMap;
import java.util.Map;

/** An event that was stated in a test: a Long, a String or a long[] for each field. */
final class BuiltEvent implements TraceEvent {
  final EventFormat format;
  final long timestamp;
  final int cpu;
  final int pid;
  final Map<String, Object> values = new HashMap<>();
  int flags;
  int preemptCount;
  long lost;
  String buffer = "";

  /** The names of all tasks of the source; set when it is built. */
  Comms comms = Comms.NONE;

  BuiltEvent(EventFormat format, long timestamp, int cpu, int pid) {
    this.format = format;
    this.timestamp = timestamp;
    this.cpu = cpu;
    this.pid = pid;
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
    return comms.of(pid);
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
    return field.shape() == EventField.Shape.NUMBER ? numberOf(field) : element(field, 0);
  }

  @Override
  public String text(EventField field) {
    requireOurs(field);
    if (!field.shape().isText()) {
      throw new IllegalArgumentException("field %s: is no text".formatted(field.name()));
    }
    return values.getOrDefault(field.name(), "") instanceof String text ? text : "";
  }

  @Override
  public int length(EventField field) {
    requireOurs(field);
    if (field.shape().isText()) {
      return text(field).length();
    }
    return field.shape() == EventField.Shape.NUMBER ? 1 : elements(field).length;
  }

  @Override
  public long element(EventField field, int index) {
    requireOurs(field);
    return elements(field)[index];
  }

  private long numberOf(EventField field) {
    requireOurs(field);
    return switch (field.name()) {
      case "common_type" -> format.id();
      case "common_flags" -> flags;
      case "common_preempt_count" -> preemptCount;
      case "common_pid" -> pid;
      default -> values.getOrDefault(field.name(), 0L) instanceof Long number ? number : 0;
    };
  }

  private long[] elements(EventField field) {
    if (field.shape().isText() || !(values.get(field.name()) instanceof long[] elements)) {
      throw new IllegalArgumentException("field %s: is no array".formatted(field.name()));
    }
    return elements;
  }

  private void requireOurs(EventField field) {
    if (!field.equals(format.field(field.name()))) {
      throw new IllegalArgumentException(
          "field %s: is not of event %s".formatted(field.name(), format));
    }
  }
}
