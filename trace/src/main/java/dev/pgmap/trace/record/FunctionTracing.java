package dev.pgmap.trace.record;

import java.util.BitSet;

/**
 * What is recorded at traced functions: the function tracer or function_graph.
 *
 * <p>Immutable; a change of tracer or filter is a new one.
 */
public final class FunctionTracing {
  /** Which tracer. */
  public enum Kind {
    /** One event at entry, with the caller. */
    FUNCTION,
    /** An event at entry and one at exit, with the times of both. */
    FUNCTION_GRAPH
  }

  private static final long TRACED = 1;

  private final Kind kind;
  private final BitSet functions;
  private final EventSlot function;
  private final EventSlot entry;
  private final EventSlot exit;
  private final GraphLimits limits;

  /**
   * A tracer.
   *
   * @param functions which functions, by number
   * @param function format {@code ftrace:function}
   * @param entry format {@code ftrace:funcgraph_entry}
   * @param exit format {@code ftrace:funcgraph_exit}
   * @param limits for function_graph
   */
  public FunctionTracing(
      Kind kind,
      BitSet functions,
      EventSlot function,
      EventSlot entry,
      EventSlot exit,
      GraphLimits limits) {
    this.kind = kind;
    this.functions = (BitSet) functions.clone();
    this.function = function;
    this.entry = entry;
    this.exit = exit;
    this.limits = limits;
  }

  /** Which tracer it is. */
  public Kind kind() {
    return kind;
  }

  /**
   * Records an entry.
   *
   * @param caller the function around it, or -1
   * @return the stamp to give to {@link #exited}; 0 if the function is not traced
   */
  long entered(Lane lane, int number, int caller, int depth) {
    if (!functions.get(number)) {
      return 0;
    }
    if (kind == Kind.FUNCTION) {
      long to = lane.begin(function);
      if (to != 0) {
        Lane.set(to, function, 0, Functions.address(number));
        Lane.set(to, function, 1, caller < 0 ? 0 : Functions.address(caller));
        lane.end(function, to);
      }
      return TRACED;
    }
    int level = lane.nrTraced(depth);
    if (!limits.allow(lane, number, level)) {
      return 0;
    }
    long stamp = lane.stampNow();
    long to = lane.begin(entry);
    if (to != 0) {
      Lane.set(to, entry, 0, Functions.address(number));
      Lane.set(to, entry, 1, level);
      lane.end(entry, to);
    }
    return stamp | TRACED;
  }

  /** Records an exit of a function whose entry was recorded. */
  void exited(Lane lane, int number, int depth, long entryStamp) {
    if (entryStamp == 0 || kind != Kind.FUNCTION_GRAPH) {
      return;
    }
    long to = lane.begin(exit);
    if (to != 0) {
      exitFields(to, number, lane.nrTraced(depth), entryStamp, lane.stampNow());
      lane.end(exit, to);
    }
  }

  private void exitFields(long to, int number, int depth, long begin, long end) {
    for (int i = 0; i < exit.nrFields(); i++) {
      long value =
          switch (exit.format().fields().get(i).name()) {
            case "func" -> Functions.address(number);
            case "depth" -> depth;
            case "calltime" -> begin;
            case "rettime" -> end;
            default -> 0;
          };
      Lane.set(to, exit, i, value);
    }
  }
}
