package dev.pgmap.trace.record;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event of one machine: its format, and what is to happen when it fires.
 *
 * <p>Writers read the switches without a lock; a change is seen by each of them at its next event.
 */
public final class EventSlot {
  /** Decides on a finished record whether it is kept. */
  @FunctionalInterface
  public interface RecordFilter {
    /** Whether the record at that address is kept; must not block, throw or allocate. */
    boolean test(long address);
  }

  /** What else happens at an event. */
  @FunctionalInterface
  public interface Action {
    /**
     * Called on the tracing thread after the record was written, or in its place if recording is
     * off.
     *
     * @param address of the record; valid during the call
     */
    void fired(Lane lane, EventSlot slot, long address, int bytes);
  }

  private final EventFormat format;
  private final int[] offsets;
  private final int[] sizes;
  private final int bytes;

  private volatile boolean enabled;
  private volatile boolean stack;
  private volatile @Nullable RecordFilter filter;
  private volatile @Nullable Action action;

  EventSlot(EventFormat format) {
    this.format = format;
    List<EventField> fields = format.fields();
    offsets = fields.stream().mapToInt(EventField::offset).toArray();
    sizes = fields.stream().mapToInt(EventField::bytes).toArray();
    bytes = format.bytes() + 3 & ~3;
  }

  /** The format. */
  public EventFormat format() {
    return format;
  }

  /** Bytes of a record, a multiple of 4. */
  int bytes() {
    return bytes;
  }

  int id() {
    return format.id();
  }

  int nrFields() {
    return offsets.length;
  }

  int offset(int field) {
    return offsets[field];
  }

  int size(int field) {
    return sizes[field];
  }

  /** Whether records are written. */
  public boolean isEnabled() {
    return enabled;
  }

  /** Switches recording of this event. */
  public void enable(boolean on) {
    enabled = on;
  }

  /** Whether anything is to happen at this event. */
  public boolean isWanted() {
    return enabled || action != null;
  }

  /** Whether each record is followed by its stack. */
  public boolean hasStack() {
    return stack;
  }

  /** Switches the stack after each record. */
  public void withStack(boolean on) {
    stack = on;
  }

  @Nullable RecordFilter filter() {
    return filter;
  }

  /** Sets which records are kept; null for all. */
  public void keepOnly(@Nullable RecordFilter next) {
    filter = next;
  }

  @Nullable Action action() {
    return action;
  }

  /** Sets what else happens; null for nothing. */
  public void onFire(@Nullable Action next) {
    action = next;
  }
}
