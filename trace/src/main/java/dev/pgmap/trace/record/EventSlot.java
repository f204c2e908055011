package dev.pgmap.trace.record;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event of one machine: its format, and what is to happen when it fires.
 *
 * <p>Thread-safe. Writers read one immutable plan; a change is seen by each of them at its next
 * event.
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
  private final int id;

  private boolean recorderOn = true;
  private boolean enabled;
  private boolean stack;
  private boolean allStacks;
  private int armed;
  private boolean callsFollowed;
  private @Nullable RecordFilter filter;
  private @Nullable Action action;
  private volatile Plan plan = Plan.NOTHING;

  /** Whether it is to be recorded and nothing else: all that most events ask. */
  private volatile boolean plain;

  EventSlot(EventFormat format) {
    this.format = format;
    List<EventField> fields = format.fields();
    offsets = fields.stream().mapToInt(EventField::offset).toArray();
    sizes = fields.stream().mapToInt(EventField::bytes).toArray();
    bytes = format.bytes() + 3 & ~3;
    id = format.id();
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
    return id;
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

  /**
   * What is to happen at this event, in one object, so that a writer sees one state of all
   * switches.
   *
   * @param isWanted whether anything is
   */
  record Plan(
      boolean isWanted,
      boolean records,
      boolean stack,
      @Nullable RecordFilter filter,
      @Nullable Action action) {
    static final Plan NOTHING = new Plan(false, false, false, null, null);
  }

  private void replan() {
    boolean records = enabled && recorderOn;
    boolean withStack = stack || allStacks;
    plan =
        !records && action == null
            ? Plan.NOTHING
            : new Plan(true, records, withStack, filter, action);
    plain = records && !withStack && filter == null && action == null;
  }

  Plan plan() {
    return plan;
  }

  boolean isPlain() {
    return plain;
  }

  /** Whether records are written while the recorder is on. */
  public synchronized boolean isEnabled() {
    return enabled;
  }

  /** Switches recording of this event. */
  public synchronized void enable(boolean on) {
    enabled = on;
    replan();
  }

  synchronized void recorderIs(boolean on, boolean stacks) {
    recorderOn = on;
    allStacks = stacks;
    replan();
  }

  /** Whether the method must be woven: it is to be recorded, or something else is to happen. */
  public synchronized boolean isWanted() {
    return enabled || action != null || armed > 0;
  }

  /**
   * Has the method woven though nothing is to happen yet: then {@link #enable} takes effect at the
   * next event, and may be called where nothing can be woven. Counts; undone by {@link #disarm}.
   */
  public synchronized void arm() {
    armed++;
  }

  /** Takes one {@link #arm} back. */
  public synchronized void disarm() {
    armed--;
  }

  /** Whether somewhere else may switch the event while it happens: a {@code *} in tracefs. */
  public synchronized boolean isArmed() {
    return armed > 0;
  }

  /** Whether the traced functions must be woven for this event: what it does asks who called. */
  public synchronized boolean followsCalls() {
    return isWanted() && (stack || callsFollowed);
  }

  /** Sets whether what else happens at this event asks who called. */
  public synchronized void followCalls(boolean on) {
    callsFollowed = on;
  }

  /** Whether each record is followed by its stack, whatever the recorder's own switch says. */
  public synchronized boolean hasStack() {
    return stack;
  }

  /** Switches the stack after each record. */
  public synchronized void withStack(boolean on) {
    stack = on;
    replan();
  }

  /** Sets which records are kept; null for all. */
  public synchronized void keepOnly(@Nullable RecordFilter next) {
    filter = next;
    replan();
  }

  /** Sets what else happens; null for nothing. */
  public synchronized void onFire(@Nullable Action next) {
    action = next;
    replan();
  }
}
