package dev.pgmap.trace.ring;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceEvent;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A record in memory, seen as an event: moved from record to record by {@link #show} and {@link
 * #happened}, without an allocation for an event.
 *
 * <p>What is read lies within the record's bytes, or is 0 or empty: a {@code __data_loc} that
 * points out of the record is cut at its end. For one thread; the memory must stay as it is until
 * the next move.
 */
public final class RecordView implements TraceEvent {
  private static final int LOC_LENGTH_SHIFT = 16;
  private static final int LOC_OFFSET_MASK = 0xffff;
  private static final int LOC_BYTES = 4;

  private final OrderedWords words;
  private final IntFunction<String> comms;

  private @Nullable RecordShape shape;
  private MemorySegment memory = MemorySegment.NULL;
  private long base;
  private int bytes;

  private long timestamp;
  private int cpu;
  private long lost;
  private String buffer = "";

  /**
   * A view that shows no record yet.
   *
   * @param comms names of tasks by pid, such as {@link Comms#of}
   */
  public RecordView(OrderedWords words, IntFunction<String> comms) {
    this.words = words;
    this.comms = comms;
  }

  /**
   * Turns to a record.
   *
   * @param recordBytes at least {@link RecordShape#leastBytes}
   */
  public void show(
      RecordShape recordShape, MemorySegment recordMemory, long recordOffset, int recordBytes) {
    shape = recordShape;
    memory = recordMemory;
    base = recordOffset;
    bytes = recordBytes;
  }

  /** Says when and where the event was; see the methods of {@link TraceEvent}. */
  public void happened(long when, int onCpu, long lostBefore, String inBuffer) {
    timestamp = when;
    cpu = onCpu;
    lost = lostBefore;
    buffer = inBuffer;
  }

  private RecordShape shape() {
    if (shape == null) {
      throw new IllegalStateException("the view shows no record yet: move its cursor first");
    }
    return shape;
  }

  @Override
  public EventFormat format() {
    return shape().format();
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
    return (int) numberOrZero(shape().pid());
  }

  @Override
  public String comm() {
    return comms.apply(pid());
  }

  @Override
  public int flags() {
    return (int) numberOrZero(shape().flags());
  }

  @Override
  public int preemptCount() {
    return (int) numberOrZero(shape().preemptCount());
  }

  @Override
  public long lost() {
    return lost;
  }

  @Override
  public String buffer() {
    return buffer;
  }

  /** Bytes of the record, with up to 3 of padding. */
  public int recordBytes() {
    return bytes;
  }

  private long numberOrZero(@Nullable EventField field) {
    return field == null ? 0 : read(field, 0);
  }

  private long read(EventField field, int from) {
    return words.number(memory, base + field.offset() + from, field.elementBytes(), field.signed());
  }

  @Override
  public long number(EventField field) {
    requireOurs(field);
    if (field.shape() == EventField.Shape.NUMBER) {
      return read(field, 0);
    }
    return element(field, 0);
  }

  @Override
  public String text(EventField field) {
    requireOurs(field);
    if (!field.shape().isText()) {
      throw wrong(field, "is no text");
    }
    byte[] text = new byte[textBytes(field)];
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, base + start(field), text, 0, text.length);
    return new String(text, StandardCharsets.UTF_8);
  }

  @Override
  public int length(EventField field) {
    requireOurs(field);
    return switch (field.shape()) {
      case NUMBER -> 1;
      case TEXT, DATA_LOC_TEXT, REL_LOC_TEXT -> textBytes(field);
      case ARRAY, DATA_LOC_ARRAY, REL_LOC_ARRAY -> elements(field);
    };
  }

  @Override
  public long element(EventField field, int index) {
    requireOurs(field);
    if (field.shape().isText()) {
      throw wrong(field, "is a text");
    }
    int length = length(field);
    if (index < 0 || index >= length) {
      throw new IndexOutOfBoundsException(
          "field %s: element %d of %d".formatted(field.name(), index, length));
    }
    return words.number(
        memory,
        base + start(field) + (long) index * field.elementBytes(),
        field.elementBytes(),
        field.signed());
  }

  /** Where a field's bytes begin, from the start of the record, and not behind its end. */
  private int start(EventField field) {
    return Math.min(
        bytes,
        switch (field.shape()) {
          case NUMBER, TEXT, ARRAY -> field.offset();
          case DATA_LOC_TEXT, DATA_LOC_ARRAY -> loc(field) & LOC_OFFSET_MASK;
          case REL_LOC_TEXT, REL_LOC_ARRAY ->
              (loc(field) & LOC_OFFSET_MASK) + field.offset() + LOC_BYTES;
        });
  }

  private int room(EventField field, int start) {
    int stated =
        switch (field.shape()) {
          case NUMBER, TEXT, ARRAY -> shape().isOpenEnd(field) ? bytes : field.bytes();
          case DATA_LOC_TEXT, DATA_LOC_ARRAY, REL_LOC_TEXT, REL_LOC_ARRAY ->
              loc(field) >>> LOC_LENGTH_SHIFT;
        };
    return Math.min(stated, bytes - start);
  }

  private int loc(EventField field) {
    return words.i32(memory, base + field.offset());
  }

  private int textBytes(EventField field) {
    int start = start(field);
    int room = room(field, start);
    for (int i = 0; i < room; i++) {
      if (memory.get(ValueLayout.JAVA_BYTE, base + start + i) == 0) {
        return i;
      }
    }
    return room;
  }

  private int elements(EventField field) {
    int room = room(field, start(field)) / field.elementBytes();
    EventField stackSize = shape().stackSize();
    return stackSize != null && shape().isOpenEnd(field) ? frames(field, stackSize, room) : room;
  }

  /** As many frames as the record says and holds, and none from one that is all ones on. */
  private int frames(EventField callers, EventField stackSize, int room) {
    long stated = read(stackSize, 0);
    int count = stated > 0 && stated < room ? (int) stated : room;
    long none = callers.elementBytes() == Long.BYTES ? -1 : 0xffff_ffffL;
    for (int i = 0; i < count; i++) {
      if (read(callers, i * callers.elementBytes()) == none) {
        return i;
      }
    }
    return count;
  }

  private void requireOurs(EventField field) {
    if (!format().has(field)) {
      throw wrong(field, "is not of this event");
    }
  }

  private IllegalArgumentException wrong(EventField field, String why) {
    return new IllegalArgumentException(
        "field %s: %s, which is %s".formatted(field.name(), why, format()));
  }
}
