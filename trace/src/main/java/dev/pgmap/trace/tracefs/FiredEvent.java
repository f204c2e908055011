package dev.pgmap.trace.tracefs;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.hist.TriggerSet;
import dev.pgmap.trace.record.EventSlot;
import dev.pgmap.trace.record.Lane;
import dev.pgmap.trace.record.Recorder;
import dev.pgmap.trace.ring.OrderedWords;
import dev.pgmap.trace.ring.RecordShape;
import dev.pgmap.trace.ring.RecordView;
import dev.pgmap.trace.tracer.Tracer;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * Shows an event that has triggers to them, on the thread on which it happens.
 *
 * <p>The record is copied: a trigger may write a stack where an event stands that is not kept.
 */
final class FiredEvent implements EventSlot.Action {
  private static final long[] NO_STACK = {};

  private final Recorder recorder;
  private final TriggerSet triggers;
  private final OrderedWords words = new OrderedWords(ByteOrder.nativeOrder());
  private final RecordShape shape;
  private final boolean withStack;

  FiredEvent(Tracer tracer, EventFormat format, TriggerSet triggers) {
    this.recorder = tracer.recorder();
    this.triggers = triggers;
    this.shape = new RecordShape(format);
    this.withStack = triggers.needsStack(format);
  }

  @Override
  public void fired(Lane lane, EventSlot slot, long address, int bytes) {
    byte[] copy = new byte[bytes];
    MemorySegment record = MemorySegment.ofArray(copy);
    record.copyFrom(MemorySegment.ofAddress(address).reinterpret(bytes));
    RecordView view = new RecordView(words, this::comm);
    view.show(shape, record, 0, bytes);
    view.happened(lane.lastStamp(), lane.cpu(), 0, "");
    triggers.fired(view, withStack ? lane.stack() : NO_STACK);
  }

  private String comm(int pid) {
    String comm = recorder.comm(pid);
    return comm != null ? comm : Comms.NONE.of(pid);
  }
}
