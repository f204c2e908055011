package dev.pgmap.trace.event;

/**
 * One event, seen through its format.
 *
 * <p>A view that a {@link TraceCursor} moves: valid until the cursor's next step, for one thread.
 */
public interface TraceEvent {
  /** What {@link #lost} says if events were lost and nobody counted them. */
  long LOST_UNCOUNTED = -1;

  /** The event's format. */
  EventFormat format();

  /** When, in the units of the source's clock. */
  long timestamp();

  /** On which cpu, from 0. */
  int cpu();

  /** {@code common_pid}. */
  int pid();

  /** The name of the task; {@code <...>} if nobody noted it, {@code <idle>} for pid 0. */
  String comm();

  /** {@code common_flags}; 0 where the source does not tell. */
  int flags();

  /** {@code common_preempt_count}; 0 where the source does not tell. */
  int preemptCount();

  /** Events lost on this cpu just before this one: 0, a number, or {@link #LOST_UNCOUNTED}. */
  long lost();

  /** The name of the buffer (instance) that it was in; empty for the top one. */
  String buffer();

  /**
   * A number, sign-extended if the field is signed; of an array, its first element.
   *
   * @throws IllegalArgumentException if the field is not of this event's format, or no number
   */
  long number(EventField field);

  /**
   * A text.
   *
   * @throws IllegalArgumentException if the field is not of this event's format, or no text
   */
  String text(EventField field);

  /** Elements of an array or bytes of a text; 1 for a number. */
  int length(EventField field);

  /**
   * An element of an array, sign-extended if the field is signed.
   *
   * @throws IndexOutOfBoundsException if there is no such element
   */
  long element(EventField field, int index);
}
