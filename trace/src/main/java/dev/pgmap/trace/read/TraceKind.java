package dev.pgmap.trace.read;

/** What a recording is made of. */
public enum TraceKind {
  /** Binary, by trace-cmd. */
  TRACE_DAT("trace.dat");

  private final String label;

  TraceKind(String label) {
    this.label = label;
  }

  /** What a person calls it. */
  public String label() {
    return label;
  }
}
