package dev.pgmap.trace.read;

/** What a recording is made of. */
public enum TraceKind {
  /** Binary, by trace-cmd. */
  TRACE_DAT("trace.dat"),
  /** The kernel's {@code trace} or {@code trace_pipe}. */
  FTRACE_TEXT("ftrace text"),
  /** {@code trace-cmd report}. */
  REPORT_TEXT("trace-cmd report text"),
  /** {@code perf script}. */
  PERF_TEXT("perf script text"),
  /** Lines of a log, found by a pattern. */
  LOG("log");

  private final String label;

  TraceKind(String label) {
    this.label = label;
  }

  /** What a person calls it. */
  public String label() {
    return label;
  }
}
