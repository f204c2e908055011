package dev.pgmap.trace.write;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import java.nio.file.Path;

/** Writes recordings in one format. */
@FunctionalInterface
public interface TraceWriter {
  /**
   * Writes all events of a recording.
   *
   * @param target replaced if it exists; as it was if this fails
   * @throws TraceException if the source is damaged, the target cannot be written, or the format
   *     cannot hold what the source has
   */
  void write(TraceSource source, Path target);
}
