package dev.pgmap.trace.refs;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceEvent;
import org.jspecify.annotations.Nullable;

/**
 * Reads the recorded stacks of a source ({@code ftrace:kernel_stack}) into a table. For one thread.
 */
public final class StackReader {
  /** What marks the end of a stack in a record of fixed size. */
  private static final long END = -1;

  private final StackTable stacks;
  private long[] addresses = new long[32];

  private @Nullable EventFormat format;
  private @Nullable EventField caller;
  private @Nullable EventField size;

  /** A reader that adds to a table. */
  public StackReader(StackTable stacks) {
    this.stacks = stacks;
  }

  /** Whether events of a format are the stacks of the events before them. */
  public static boolean isStack(EventFormat format) {
    return format.name().equals("kernel_stack") && format.field("caller") != null;
  }

  /**
   * The number of an event's stack.
   *
   * @throws IllegalArgumentException if the event is no stack
   */
  public int read(TraceEvent event) {
    EventField callers = callers(event.format());
    int most = event.length(callers);
    int stated = size == null ? 0 : (int) event.number(size);
    int nr = stated > 0 ? Math.min(stated, most) : most;
    if (nr > addresses.length) {
      addresses = new long[nr];
    }
    int used = 0;
    while (used < nr) {
      long address = event.element(callers, used);
      if (address == END || address == 0) {
        break;
      }
      addresses[used++] = address;
    }
    return used == 0 ? StackTable.NONE : stacks.intern(addresses, used, false);
  }

  private EventField callers(EventFormat next) {
    EventField known = caller;
    if (known == null || next != format) {
      known = next.field("caller");
      if (known == null) {
        throw new IllegalArgumentException("event %s: is no stack".formatted(next));
      }
      caller = known;
      size = next.field("size");
      format = next;
    }
    return known;
  }
}
