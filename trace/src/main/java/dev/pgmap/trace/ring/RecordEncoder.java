package dev.pgmap.trace.ring;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceEvent;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * Turns an event, wherever it comes from, into the record that a little endian 64-bit kernel would
 * have written: the fields at their offsets, and behind them what {@code __data_loc} and {@code
 * __rel_loc} words point to.
 *
 * <p>A last field without a size, such as {@code buf[]}, takes the room it needs, and so does the
 * {@code caller[8]} of a stack. A stack that leaves some of the eight unused is ended by all ones
 * and zeroes, since readers may print eight in any case.
 *
 * <p>For one thread: each record overwrites the one before.
 */
public final class RecordEncoder {
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);
  private static final int FIRST_CAPACITY = 4096;
  private static final int LOC_BYTES = 4;
  private static final int LOC_LENGTH_SHIFT = 16;
  private static final long STACK_END = -1;

  private final ToIntFunction<EventFormat> ids;
  private final Map<EventFormat, RecordPlan> plans = new IdentityHashMap<>();
  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int length;

  /**
   * An encoder.
   *
   * @param ids the number that {@code common_type} is to hold for a format
   */
  public RecordEncoder(ToIntFunction<EventFormat> ids) {
    this.ids = ids;
  }

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Encodes an event; {@link #record} has it then.
   *
   * @return bytes of the record; zeroes follow it up to a multiple of 8
   */
  public int encode(TraceEvent event) {
    RecordPlan plan = plans.get(event.format());
    if (plan == null) {
      plan = RecordPlan.of(event.format(), ids.applyAsInt(event.format()));
      plans.put(event.format(), plan);
    }
    length = 0;
    extend(plan.fixedBytes());
    for (EventField field : plan.common()) {
      putNumber(field.offset(), field.bytes(), common(plan, field, event));
    }
    for (int i = 0; i < plan.own().length; i++) {
      put(plan.own()[i], event, i == plan.openEnd());
    }
    return length;
  }

  /** What the record is at the start of; valid until the next one is encoded. */
  public MemorySegment record() {
    return MemorySegment.ofArray(bytes);
  }

  /** The same memory as an array. */
  public byte[] array() {
    return bytes;
  }

  private static long common(RecordPlan plan, EventField field, TraceEvent event) {
    return switch (field.name()) {
      case "common_type" -> plan.id();
      case "common_flags" -> event.flags();
      case "common_preempt_count" -> event.preemptCount();
      case "common_pid" -> event.pid();
      default -> event.number(field);
    };
  }

  private void put(EventField field, TraceEvent event, boolean open) {
    switch (field.shape()) {
      case NUMBER -> putNumber(field.offset(), field.bytes(), event.number(field));
      case TEXT -> putText(field, event, open);
      case ARRAY -> putArray(field, event, open);
      case DATA_LOC_TEXT -> putLoc(field, 0, textBehind(field, event));
      case DATA_LOC_ARRAY -> putLoc(field, 0, arrayBehind(field, event));
      case REL_LOC_TEXT -> putLoc(field, field.offset() + LOC_BYTES, textBehind(field, event));
      case REL_LOC_ARRAY -> putLoc(field, field.offset() + LOC_BYTES, arrayBehind(field, event));
    }
  }

  private void putText(EventField field, TraceEvent event, boolean open) {
    byte[] text = event.text(field).getBytes(StandardCharsets.UTF_8);
    if (open) {
      growTo(field.offset() + text.length + 1);
    }
    int room = open ? text.length : Math.min(text.length, field.bytes());
    System.arraycopy(text, 0, bytes, field.offset(), room);
  }

  private void putArray(EventField field, TraceEvent event, boolean open) {
    int count = event.length(field);
    int declared = field.bytes() / field.elementBytes();
    if (open) {
      growTo(field.offset() + count * field.elementBytes());
    } else {
      count = Math.min(count, declared);
    }
    putElements(field, event, field.offset(), count);
    if (open && count < declared) {
      putNumber(field.offset() + count * field.elementBytes(), field.elementBytes(), STACK_END);
    }
  }

  private int textBehind(EventField field, TraceEvent event) {
    byte[] text = event.text(field).getBytes(StandardCharsets.UTF_8);
    System.arraycopy(text, 0, bytes, extend(text.length + 1), text.length);
    return text.length + 1;
  }

  private int arrayBehind(EventField field, TraceEvent event) {
    int count = event.length(field);
    int size = count * field.elementBytes();
    putElements(field, event, extend(size), count);
    return size;
  }

  /** Points a word at what was just put at the end. */
  private void putLoc(EventField field, int base, int size) {
    putNumber(field.offset(), LOC_BYTES, length - size - base | (long) size << LOC_LENGTH_SHIFT);
  }

  private void putElements(EventField field, TraceEvent event, int offset, int count) {
    int size = field.elementBytes();
    for (int i = 0; i < count; i++) {
      putNumber(offset + i * size, size, event.element(field, i));
    }
  }

  private void putNumber(int offset, int size, long number) {
    switch (size) {
      case 1 -> bytes[offset] = (byte) number;
      case 2 -> SHORT.set(bytes, offset, (short) number);
      case 4 -> INT.set(bytes, offset, (int) number);
      default -> LONG.set(bytes, offset, number);
    }
  }

  private void growTo(int total) {
    extend(Math.max(0, total - length));
  }

  /** Adds zeroes to the record, with a margin that is zero too; says where they begin. */
  private int extend(int more) {
    int from = length;
    length += more;
    int withMargin = length + Long.BYTES;
    if (withMargin > bytes.length) {
      bytes = Arrays.copyOf(bytes, withMargin * 2);
    }
    Arrays.fill(bytes, from, withMargin, (byte) 0);
    return from;
  }
}
