package dev.pgmap.trace.read.input;

import dev.pgmap.trace.event.TraceException;

/** What a reader may keep in memory at a time, so that no file can make it ask for all. */
public final class MemoryBudget {
  private final String source;
  private final long limitBytes;
  private long takenBytes;

  /** A budget of so many bytes. */
  public MemoryBudget(String source, long limitBytes) {
    this.source = source;
    this.limitBytes = limitBytes;
  }

  /**
   * Notes that something is kept.
   *
   * @throws TraceException if that is too much
   */
  public void take(long bytes) {
    takenBytes += bytes;
    if (takenBytes > limitBytes) {
      throw new TraceException(
          source,
          "chunks that need more than %d bytes of memory at a time".formatted(limitBytes),
          "chunks of some pages each",
          "it is damaged, or convert it with trace-cmd convert --compression none");
    }
  }
}
