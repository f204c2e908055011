package dev.pgmap.trace.event;

/**
 * A recording: what was read from a file, or a copy of what is in our own rings.
 *
 * <p>Immutable but for {@link #close}; any number of cursors may be open at a time, each for one
 * thread.
 */
public interface TraceSource extends AutoCloseable {
  /** What messages call it, such as the path of the file. */
  String name();

  /** The formats. */
  EventTable events();

  /** The functions that stacks and callers refer to. */
  Symbols symbols();

  /** The names of tasks. */
  Comms comms();

  /** The clock. */
  TraceClock clock();

  /** Number of cpus. */
  int nrCpus();

  /**
   * Starts at the first event; events of all cpus and buffers are merged by time.
   *
   * @throws TraceException if the source is damaged
   */
  TraceCursor open();

  /** Gives back files and memory; cursors must not be used after it. */
  @Override
  void close();
}
