package dev.pgmap.trace.refs;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceEvent;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What each task was doing last, from the events of the function tracer: a hint where a recording
 * has no stacks.
 *
 * <p>Each event names a function and its caller. A function whose caller stands in what is known of
 * the task comes on top of it; any other starts anew. Returns are not recorded, so the functions
 * may be over by the time that a page's count changes.
 *
 * <p>For one thread. Grows with the number of tasks.
 */
public final class CallTracker {
  private static final int MAX_DEPTH = 32;

  /** A call further into a function than this is in another one, which the source does not name. */
  private static final long MAX_OFFSET = 1 << 13;

  /** The calls of a task, outermost first. */
  private static final class Calls {
    final long[] functions = new long[MAX_DEPTH];
    int depth;
    int id = StackTable.NONE;
  }

  private final Symbols symbols;
  private final StackTable stacks;
  private final Map<Integer, Calls> byPid = new HashMap<>();
  private final long[] innermostFirst = new long[MAX_DEPTH];

  private @Nullable EventFormat format;
  private @Nullable EventField ip;
  private @Nullable EventField parent;

  /** A tracker that adds to a table. */
  public CallTracker(Symbols symbols, StackTable stacks) {
    this.symbols = symbols;
    this.stacks = stacks;
  }

  /** Whether events of a format are function entries. */
  public static boolean isCall(EventFormat format) {
    return format.name().equals("function") && format.field("ip") != null;
  }

  /**
   * Notes a function entry.
   *
   * @return the address at which the function starts
   * @throws IllegalArgumentException if the event is none
   */
  public long note(TraceEvent event) {
    EventField ipField = resolve(event.format());
    long function = startOf(event.number(ipField));
    long caller = parent == null ? 0 : startOf(event.number(parent));
    enter(byPid.computeIfAbsent(event.pid(), unused -> new Calls()), function, caller);
    return function;
  }

  /** The number of the task's last calls, innermost first; {@link StackTable#NONE} if unknown. */
  public int last(int pid) {
    Calls calls = byPid.get(pid);
    if (calls == null) {
      return StackTable.NONE;
    }
    if (calls.id == StackTable.NONE) {
      for (int i = 0; i < calls.depth; i++) {
        innermostFirst[i] = calls.functions[calls.depth - 1 - i];
      }
      calls.id = stacks.intern(innermostFirst, calls.depth, true);
    }
    return calls.id;
  }

  private static void enter(Calls calls, long function, long caller) {
    int at = calls.depth - 1;
    while (at >= 0 && calls.functions[at] != caller) {
      at--;
    }
    calls.depth = at + 1;
    if (calls.depth >= MAX_DEPTH - 1) {
      calls.depth = 0;
    }
    if (calls.depth == 0 && caller != 0) {
      calls.functions[calls.depth++] = caller;
    }
    calls.functions[calls.depth++] = function;
    calls.id = StackTable.NONE;
  }

  private long startOf(long address) {
    long offset = symbols.offsetOf(address);
    return offset > MAX_OFFSET ? address : address - offset;
  }

  private EventField resolve(EventFormat next) {
    EventField known = ip;
    if (known == null || next != format) {
      known = next.field("ip");
      if (known == null) {
        throw new IllegalArgumentException("event %s: is no function entry".formatted(next));
      }
      ip = known;
      parent = next.field("parent_ip");
      format = next;
    }
    return known;
  }
}
