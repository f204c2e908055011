package dev.pgmap.trace.write;

import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceEvent;

/**
 * The tree of function_graph as {@code trace-cmd report} prints it: an entry whose very next event
 * is its exit becomes one line, so that an entry has to wait for the next event.
 */
final class GraphLines {
  private static final int INDENT = 2;
  private static final String NO_DURATION = "             |  ";

  private final Symbols symbols;
  private boolean waiting;
  private int pid;
  private long function;
  private int depth;

  GraphLines(Symbols symbols) {
    this.symbols = symbols;
  }

  /** Whether the line of an entry is still open. */
  boolean isWaiting() {
    return waiting;
  }

  /** Opens a line: what is behind its head depends on the next event. */
  void entry(TraceEvent event) {
    waiting = true;
    pid = event.pid();
    function = KernelTexts.number(event, "func");
    depth = KernelTexts.depth(event);
  }

  /** Whether an event is the exit of the entry that waits; its line is then complete. */
  boolean endsLeaf(TraceEvent event, StringBuilder out) {
    if (!waiting) {
      return false;
    }
    boolean leaf =
        event.format().name().equals("funcgraph_exit")
            && event.pid() == pid
            && KernelTexts.number(event, "func") == function;
    if (leaf) {
      duration(event, out);
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
      out.append(NO_DURATION);
      function(out).append("() {\n");
      waiting = false;
    }
  }

  /** The end of a function that called others. */
  void exit(TraceEvent event, StringBuilder out) {
    duration(event, out);
    out.repeat(' ', INDENT * KernelTexts.depth(event)).append('}');
  }

  private StringBuilder function(StringBuilder out) {
    String name = symbols.nameOf(function);
    return out.repeat(' ', INDENT * depth).append(name == null ? Long.toHexString(function) : name);
  }

  private static void duration(TraceEvent exit, StringBuilder out) {
    GraphDuration.appendReport(
        KernelTexts.number(exit, "rettime") - KernelTexts.number(exit, "calltime"), out);
    out.append("|  ");
  }
}
