package dev.pgmap.trace.read.text;

import dev.pgmap.trace.event.Comms;
import java.util.Arrays;

/**
 * Which task a cpu runs, and the calls that it is in, as a tree of calls goes on. For one thread.
 */
final class GraphCpu {
  private static final int MAX_DEPTH = 64;
  private static final String COMMENT = "/*";
  private static final String COMMENT_END = "*/";
  private static final int INDENT = 2;

  private final String[] functions = new String[MAX_DEPTH];
  private String comm = Comms.UNKNOWN;
  private int pid = RawEvent.NO_PID;

  GraphCpu() {
    forgetCalls();
  }

  private void forgetCalls() {
    Arrays.fill(functions, "");
  }

  /** Notes the task behind an arrow; false if there is none. */
  boolean isSwitch(String text) {
    int arrow = text.lastIndexOf("=>");
    return arrow > 0 && isTask(text.substring(arrow + 2).strip());
  }

  /** Notes the task; its calls are others than those of the one before. False if it is none. */
  boolean isTask(String text) {
    int dash = text.lastIndexOf('-');
    int found = dash < 1 ? -1 : TextNumbers.small(text.substring(dash + 1));
    if (found < 0) {
      return false;
    }
    if (found != pid) {
      forgetCalls();
    }
    pid = found;
    comm = text.substring(0, dash).strip();
    return true;
  }

  /** Reads what stands behind the last bar. */
  Dialect.Line readBody(String text, RawEvent to) {
    to.pid = pid;
    to.comm = comm;
    String body = text.strip();
    if (body.startsWith(COMMENT)) {
      return readComment(body.substring(COMMENT.length()), to);
    }
    int bracket = body.indexOf('(');
    if (body.isEmpty() || body.startsWith("}")) {
      return Dialect.Line.OTHER;
    }
    return bracket > 0
        ? readCall(body.substring(0, bracket), depth(text), to)
        : Dialect.Line.UNKNOWN;
  }

  private static int depth(String text) {
    int blanks = 0;
    while (text.charAt(blanks) == ' ') {
      blanks++;
    }
    return Math.max(0, blanks - INDENT) / INDENT;
  }

  private Dialect.Line readCall(String name, int depth, RawEvent to) {
    String function = FunctionText.name(name);
    String caller = depth > 0 && depth <= MAX_DEPTH ? functions[depth - 1] : "";
    if (depth < MAX_DEPTH) {
      functions[depth] = function;
    }
    to.event = RawEvent.FUNCTION;
    to.body = caller.isEmpty() ? function : function + " <-" + caller;
    return Dialect.Line.EVENT;
  }

  private static Dialect.Line readComment(String text, RawEvent to) {
    String inner = text.strip();
    if (inner.endsWith(COMMENT_END)) {
      inner = inner.substring(0, inner.length() - COMMENT_END.length()).strip();
    }
    if (!EventText.read(inner, to)) {
      to.event = RawEvent.PRINT;
      to.body = inner;
    }
    return Dialect.Line.EVENT;
  }
}
