package dev.pgmap.shell.trace;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.read.TraceFiles;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** The arguments of a command that works on a recording; a mixin. */
final class RecordingFile {
  @Parameters(paramLabel = "FILE", description = "The recording; .gz and .zst are unpacked.")
  private Path path = Path.of("");

  /**
   * Opens it.
   *
   * @throws TraceException if it cannot be read
   */
  TraceFiles.Opened open() {
    return TraceFiles.open(path);
  }
}
