package dev.pgmap.trace.write;

import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.ring.OrderedWords;
import dev.pgmap.trace.ring.RecordEncoder;
import dev.pgmap.trace.ring.RecordShape;
import dev.pgmap.trace.ring.RecordView;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntFunction;

/** A copy of an event, which waits for its stack. Used for one event after the other. */
final class StackedEvent {
  private static final long[] NO_STACK = {};
  private static final int FIRST_CAPACITY = 128;

  private final RecordView view;
  private byte[] record = new byte[FIRST_CAPACITY];
  private int recordBytes;
  private long[] stack = NO_STACK;
  private boolean settled;

  StackedEvent(IntFunction<String> comms) {
    view = new RecordView(new OrderedWords(ByteOrder.LITTLE_ENDIAN), comms);
  }

  /** The event itself. */
  TraceEvent event() {
    return view;
  }

  /** Its stack, innermost function first; empty if it has none. */
  long[] stack() {
    return stack;
  }

  /** Its record in little endian, as long as {@link #recordBytes}. */
  byte[] record() {
    return record;
  }

  int recordBytes() {
    return recordBytes;
  }

  /** Whether nothing that comes can be its stack any more. */
  boolean isSettled() {
    return settled;
  }

  void take(TraceEvent event, RecordShape shape, RecordEncoder encoder) {
    recordBytes = encoder.encode(event);
    if (record.length < recordBytes) {
      record = new byte[Math.max(recordBytes, 2 * record.length)];
    }
    System.arraycopy(encoder.array(), 0, record, 0, recordBytes);
    Arrays.fill(record, recordBytes, record.length, (byte) 0);
    view.show(shape, MemorySegment.ofArray(record), 0, recordBytes);
    view.happened(event.timestamp(), event.cpu(), event.lost(), event.buffer());
    stack = NO_STACK;
    settled = false;
  }

  void settle() {
    settled = true;
  }

  void settle(long[] callers) {
    stack = callers;
    settled = true;
  }
}
