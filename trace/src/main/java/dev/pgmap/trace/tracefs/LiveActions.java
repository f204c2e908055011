package dev.pgmap.trace.tracefs;

import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.filter.TriggerActions;
import dev.pgmap.trace.record.EventSlot;
import dev.pgmap.trace.tracer.Tracer;

/** What triggers do to the recording that they are part of; nothing here weaves or waits. */
final class LiveActions implements TriggerActions {
  private final Tracer tracer;
  private final Snapshot snapshot;

  LiveActions(Tracer tracer, Snapshot snapshot) {
    this.tracer = tracer;
    this.snapshot = snapshot;
  }

  @Override
  public void trace(boolean on) {
    if (tracer.recorder().isOn() != on) {
      tracer.recorder().turn(on);
    }
  }

  @Override
  public void snapshot() {
    snapshot.take();
  }

  @Override
  public void stack(TraceEvent event) {
    tracer.recorder().writeStack();
  }

  @Override
  public void enable(String system, String event, boolean on) {
    EventSlot slot = tracer.slot(system + ":" + event);
    if (slot != null && slot.isEnabled() != on) {
      slot.enable(on);
    }
  }
}
