package dev.pgmap.trace.ring;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What is needed of a format for every record of it: where the common fields are, how short a
 * record may be, and which field goes on to the record's end. Immutable.
 */
public final class RecordShape {
  private final EventFormat format;
  private final @Nullable EventField pid;
  private final @Nullable EventField flags;
  private final @Nullable EventField preemptCount;
  private final @Nullable EventField openEnd;
  private final @Nullable EventField stackSize;
  private final int leastBytes;

  /** The shape of a format's records. */
  public RecordShape(EventFormat format) {
    this.format = format;
    this.pid = numberNamed("common_pid");
    this.flags = numberNamed("common_flags");
    this.preemptCount = numberNamed("common_preempt_count");
    this.openEnd = openEnd(format);
    this.stackSize = openEnd != null && isStack(format, openEnd) ? numberNamed("size") : null;
    this.leastBytes = endOfFields();
  }

  private @Nullable EventField numberNamed(String name) {
    EventField field = format.field(name);
    return field != null && field.shape() == EventField.Shape.NUMBER ? field : null;
  }

  /** A last field that states no size, such as buf[], and the frames of a stack. */
  private static @Nullable EventField openEnd(EventFormat format) {
    return format.fields().stream()
        .max(Comparator.comparingInt(EventField::offset))
        .filter(last -> last.bytes() == 0 || isStack(format, last))
        .orElse(null);
  }

  /** A kernel stack states caller[8], but has as many as there are. */
  private static boolean isStack(EventFormat format, EventField last) {
    return format.name().equals("kernel_stack") && last.shape() == EventField.Shape.ARRAY;
  }

  private int endOfFields() {
    int end = 0;
    for (EventField field : format.common()) {
      end = Math.max(end, field.offset() + field.bytes());
    }
    for (EventField field : format.fields()) {
      end = Math.max(end, field.offset() + (isOpenEnd(field) ? 0 : field.bytes()));
    }
    return end;
  }

  /** The format. */
  public EventFormat format() {
    return format;
  }

  /** A record that is shorter does not hold all fields. */
  public int leastBytes() {
    return leastBytes;
  }

  @Nullable EventField pid() {
    return pid;
  }

  @Nullable EventField flags() {
    return flags;
  }

  @Nullable EventField preemptCount() {
    return preemptCount;
  }

  boolean isOpenEnd(EventField field) {
    return field.equals(openEnd);
  }

  /** The field that says how many frames a stack has; null if this is no stack. */
  @Nullable EventField stackSize() {
    return stackSize;
  }
}
