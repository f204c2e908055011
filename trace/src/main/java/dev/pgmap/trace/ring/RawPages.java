package dev.pgmap.trace.ring;

import java.lang.foreign.MemorySegment;

/**
 * A source that can hand out its ring pages as they are, in the layout of {@link RingPage} and the
 * byte order of little endian, so that an export copies pages instead of encoding events.
 *
 * <p>A {@link dev.pgmap.trace.event.TraceSource} may implement it too. The records on the pages
 * then bear the ids of the source's own table, all events are in the top buffer, and the pages do
 * not change while the source is open. Any thread may read.
 */
public interface RawPages {
  /** Bytes of every page. */
  int pageBytes();

  /** Number of cpus. */
  int nrCpus();

  /** Number of pages of a cpu; 0 if it recorded nothing. */
  long nrPages(int cpu);

  /**
   * Copies a page; the oldest is page 0.
   *
   * @param to {@link #pageBytes} long
   */
  void copyPage(int cpu, long index, MemorySegment to);
}
