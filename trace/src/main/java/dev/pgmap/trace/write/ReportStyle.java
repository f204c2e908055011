package dev.pgmap.trace.write;

/**
 * Options of {@code trace-cmd report} for the columns of a line.
 *
 * @param latency {@code -l}: the columns of flags, and a short head
 * @param nanos {@code -t}: nine digits of a second
 */
public record ReportStyle(boolean latency, boolean nanos) {
  /** Without options. */
  public static final ReportStyle PLAIN = new ReportStyle(false, false);
}
