package dev.pgmap.trace.read.text;

import dev.pgmap.trace.event.Comms;
import java.util.ArrayList;
import java.util.List;

/** What a line says, before it is held against a format; filled by a dialect, line after line. */
final class RawEvent {
  /** The event of lines that begin a stack. */
  static final String STACK = "kernel_stack";

  /** The event of lines that a function tracer writes. */
  static final String FUNCTION = "function";

  /** The event of what was written to trace_marker. */
  static final String PRINT = "print";

  /** The task of lines that do not tell it; no task has that number, and 0 is the idle one. */
  static final int NO_PID = -1;

  private static final int MAX_FRAMES = 256;

  String buffer = "";
  String comm = Comms.UNKNOWN;
  int pid;
  int cpu;
  int flags;
  int preemptCount;

  /** Nanoseconds, or a count if {@link #isCount}. */
  long stamp;

  boolean isCount;

  /** Empty if the line does not say. */
  String system = "";

  String event = "";

  /** What follows the event's name. */
  String body = "";

  /** The fields, if the dialect knows them; else they are looked for in the body. */
  final FieldList fields = new FieldList();

  boolean hasFields;

  /** Functions of the stack, innermost first: of this event, or this is the stack. */
  final List<String> frames = new ArrayList<>();

  /** Number of the line. */
  long line;

  /** What its cpu lost before it; see {@link dev.pgmap.trace.event.TraceEvent#lost}. */
  long lost;

  void clear() {
    buffer = "";
    comm = Comms.UNKNOWN;
    pid = 0;
    cpu = 0;
    flags = 0;
    preemptCount = 0;
    stamp = 0;
    isCount = false;
    system = "";
    event = "";
    body = "";
    fields.clear();
    hasFields = false;
    frames.clear();
    lost = 0;
  }

  void addFrame(String function) {
    if (frames.size() < MAX_FRAMES) {
      frames.add(function);
    }
  }

  boolean isStack() {
    return event.equals(STACK);
  }
}
