package dev.pgmap.trace.read;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.read.dat.TraceDat;
import dev.pgmap.trace.read.input.MappedFile;
import dev.pgmap.trace.read.input.Unpacker;
import java.nio.file.Path;

/**
 * Opens a recording of any {@link TraceKind}, also if it is packed by gzip or zstd.
 *
 * <p>Thread-safe: it has no state.
 */
public final class TraceFiles {
  private static final int HEAD_BYTES = 1 << 16;

  private TraceFiles() {}

  /** A recording that was opened, and what it is made of. */
  public record Opened(TraceKind kind, TraceSource source) implements AutoCloseable {
    @Override
    public void close() {
      source.close();
    }
  }

  /**
   * Opens a file.
   *
   * @throws TraceException if it is of no kind that we read, or is damaged
   */
  public static Opened open(Path path) {
    MappedFile file = MappedFile.open(path);
    byte[] head = file.head(HEAD_BYTES);
    if (Unpacker.isPacked(head)) {
      file.close();
      file = Unpacker.open(path, head);
    }
    return open(file);
  }

  private static Opened open(MappedFile file) {
    if (TraceDat.isMagic(file.head(HEAD_BYTES))) {
      return new Opened(TraceKind.TRACE_DAT, TraceDat.open(file));
    }
    String name = file.name();
    file.close();
    throw new TraceException(name, "no recording of a kind that is known", "a trace.dat", "");
  }
}
