package dev.pgmap.trace.write;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceEvent;

/**
 * The tree of function_graph as {@code trace-cmd report} prints it: an entry whose very next event
 * is its exit becomes one line, so that an entry has to wait for the next event.
 */
final class GraphLines {
  private static final int INDENT = 2;
  private static final int DURATION_WIDTH = 7;
  private static final long NO_DURATION = -1;

  private final Symbols symbols;
  private boolean waiting;
  private int pid;
  private long function;
  private long depth;

  GraphLines(Symbols symbols) {
    this.symbols = symbols;
  }

  /** Whether the line of an entry is still open. */
  boolean isWaiting() {
    return waiting;
  }

  /** Opens a line: what is behind its head depends on the next event. */
  void entry(TraceEvent event, StringBuilder out) {
    waiting = true;
    pid = event.pid();
    function = number(event, "func");
    depth = number(event, "depth");
  }

  /** Whether an event is the exit of the entry that waits; its line is then complete. */
  boolean endsLeaf(TraceEvent event, StringBuilder out) {
    if (!waiting) {
      return false;
    }
    boolean leaf =
        event.format().name().equals("funcgraph_exit")
            && event.pid() == pid
            && number(event, "func") == function;
    if (leaf) {
      duration(number(event, "rettime") - number(event, "calltime"), out);
      function(out).append("();\n");
      waiting = false;
    } else {
      end(out);
    }
    return leaf;
  }

  /** Completes the line of an entry that waits, as one with calls in it. */
  void end(StringBuilder out) {
    if (waiting) {
      mark(NO_DURATION, out);
      out.append("           |  ");
      function(out).append("() {\n");
      waiting = false;
    }
  }

  /** The end of a function that called others. */
  void exit(TraceEvent event, StringBuilder out) {
    duration(number(event, "rettime") - number(event, "calltime"), out);
    out.repeat(' ', INDENT * (int) number(event, "depth")).append('}');
  }

  private StringBuilder function(StringBuilder out) {
    String name = symbols.nameOf(function);
    return out.repeat(' ', INDENT * (int) depth)
        .append(name == null ? Long.toHexString(function) : name);
  }

  private static void duration(long nanos, StringBuilder out) {
    mark(nanos, out);
    int start = out.length();
    out.append(Long.toUnsignedString(Long.divideUnsigned(nanos, 1_000)));
    if (out.length() - start < DURATION_WIDTH) {
      out.append('.');
      Columns.zeroes(out, Long.remainderUnsigned(nanos, 1_000), 3);
    }
    int width = out.length() - start;
    out.append(" us ").repeat(' ', Math.max(0, DURATION_WIDTH - width)).append("|  ");
  }

  private static void mark(long nanos, StringBuilder out) {
    if (nanos == NO_DURATION) {
      out.append("  ");
    } else if (nanos > 1_000_000_000) {
      out.append("$ ");
    } else if (nanos > 1_000_000) {
      out.append("# ");
    } else if (nanos > 100_000) {
      out.append("! ");
    } else {
      out.append(nanos > 10_000 ? "+ " : "  ");
    }
  }

  private static long number(TraceEvent event, String name) {
    EventField field = event.format().field(name);
    return field == null ? 0 : event.number(field);
  }
}
