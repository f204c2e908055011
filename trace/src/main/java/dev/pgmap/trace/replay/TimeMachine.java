package dev.pgmap.trace.replay;

import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.refs.PageRef;
import dev.pgmap.trace.refs.PageRefDecoder;
import java.util.Map;
import java.util.TreeMap;

/**
 * Goes to any step of a recording, forwards and back.
 *
 * <p>On its way it keeps copies of the state, at most {@link #MOST_COPIES}, ever further apart; to
 * go back it takes the nearest one before and goes on from there. For one thread; close it.
 */
public final class TimeMachine implements AutoCloseable {
  private static final int MOST_COPIES = 64;
  private static final long FIRST_SPACING = 1024;

  private final TraceSource source;
  private final PageRefDecoder decoder;
  private final PageRef change = new PageRef();
  private final TreeMap<Long, MachineNow> copies = new TreeMap<>();
  private long spacing = FIRST_SPACING;
  private TraceCursor cursor;
  private MachineNow now = new MachineNow();

  /** Stands before the first step. The source stays the caller's. */
  public TimeMachine(TraceSource source) {
    this.source = source;
    this.decoder = new PageRefDecoder(source.events());
    this.cursor = source.open();
    copies.put(0L, now.copy());
  }

  /** The state where it stands. */
  public MachineNow now() {
    return now;
  }

  /** The event that led to the state; asks for at least one step. */
  public TraceEvent event() {
    return cursor.event();
  }

  /**
   * Makes one step.
   *
   * @return false at the end of the recording
   */
  public boolean next() {
    if (!cursor.next()) {
      return false;
    }
    now.take(cursor.event(), decoder, change);
    if (now.step() % spacing == 0) {
      keep();
    }
    return true;
  }

  private void keep() {
    copies.put(now.step(), now.copy());
    if (copies.size() > MOST_COPIES) {
      spacing *= 2;
      copies.keySet().removeIf(step -> step % spacing != 0);
    }
  }

  /**
   * Goes to a step.
   *
   * @param step from 0, which is before the first event
   * @throws TraceException if the recording has no such step; it stands at its end then
   */
  public MachineNow goTo(long step) {
    if (step < 0) {
      throw noSuchStep(step, "a step from 0 on");
    }
    if (step < now.step()) {
      goBackTo(step);
    }
    while (now.step() < step) {
      if (!next()) {
        throw noSuchStep(step, "at most " + now.step());
      }
    }
    return now;
  }

  private void goBackTo(long step) {
    Map.Entry<Long, MachineNow> start = copies.floorEntry(step);
    cursor.close();
    cursor = source.open();
    // The event of the step itself has to be under the cursor, so the last step is made anew.
    long from = Math.min(start.getKey(), Math.max(0, step - 1));
    MachineNow copy = copies.floorEntry(from).getValue().copy();
    for (long skipped = 0; skipped < copy.step(); skipped++) {
      cursor.next();
    }
    now = copy;
  }

  private TraceException noSuchStep(long step, String expected) {
    return new TraceException(source.name(), "step " + step, expected, "");
  }

  @Override
  public void close() {
    cursor.close();
  }
}
