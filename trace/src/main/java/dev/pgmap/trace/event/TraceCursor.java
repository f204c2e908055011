package dev.pgmap.trace.event;

/** Goes through the events of a source once, in order of time. For one thread. */
public interface TraceCursor extends AutoCloseable {
  /**
   * Moves to the next event.
   *
   * @return false at the end
   * @throws TraceException if the source is damaged here
   */
  boolean next();

  /** The event that the cursor stands on; the same object each time. */
  TraceEvent event();

  @Override
  void close();
}
