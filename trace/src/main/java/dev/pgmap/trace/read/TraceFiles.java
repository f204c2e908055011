package dev.pgmap.trace.read;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.read.dat.TraceDat;
import dev.pgmap.trace.read.input.ByteStream;
import dev.pgmap.trace.read.input.MappedFile;
import dev.pgmap.trace.read.input.MemoryStream;
import dev.pgmap.trace.read.input.Unpacker;
import dev.pgmap.trace.read.text.TextSource;
import dev.pgmap.trace.read.text.TraceText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Opens a recording of any {@link TraceKind}, also if it is packed by gzip or zstd.
 *
 * <p>Thread-safe: it has no state.
 */
public final class TraceFiles {
  private static final int HEAD_BYTES = 1 << 17;
  private static final byte[] PERF_MAGIC = "PERFILE2".getBytes(StandardCharsets.US_ASCII);

  private TraceFiles() {}

  /**
   * A recording that was opened, and what it is made of.
   *
   * @param skippedLines of a text: those that are no events but should be
   * @param firstSkippedLine its number; 0 if there is none
   */
  public record Opened(TraceKind kind, TraceSource source, long skippedLines, long firstSkippedLine)
      implements AutoCloseable {
    @Override
    public void close() {
      source.close();
    }
  }

  /**
   * Opens a file that tells all by itself.
   *
   * @throws TraceException if it is of no kind that we read, or is damaged
   */
  public static Opened open(Path path) {
    return open(path, ReadOptions.NONE);
  }

  /**
   * Opens a file.
   *
   * @throws TraceException if it is of no kind that we read, or is damaged
   */
  public static Opened open(Path path, ReadOptions options) {
    MappedFile file = MappedFile.open(path);
    byte[] head = file.head(HEAD_BYTES);
    if (Unpacker.isPacked(head)) {
      file.close();
      file = Unpacker.open(path, head);
      head = file.head(HEAD_BYTES);
    }
    try {
      Pattern pattern = options.pattern();
      return pattern == null ? detect(file, head) : log(file, pattern);
    } catch (TraceException e) {
      file.close();
      throw e;
    }
  }

  private static Opened detect(MappedFile file, byte[] head) {
    if (TraceDat.isMagic(head)) {
      return new Opened(TraceKind.TRACE_DAT, TraceDat.open(file), 0, 0);
    }
    if (startsWith(head, PERF_MAGIC)) {
      throw new TraceException(
          file.name(), "a perf.data", "its text", "save what perf script prints and read that");
    }
    TraceText.Kind kind = TraceText.detect(head);
    if (kind == null) {
      throw new TraceException(
          file.name(),
          "no recording of a kind that is known",
          "a trace.dat, or text of ftrace, trace-cmd report or perf script",
          "if it is a log, tell with --pattern what a line looks like");
    }
    return text(kind(kind), TraceText.open(file.name(), kind, bytes(file), file::close));
  }

  private static TraceKind kind(TraceText.Kind kind) {
    return switch (kind) {
      case FTRACE, GRAPH -> TraceKind.FTRACE_TEXT;
      case REPORT -> TraceKind.REPORT_TEXT;
      case PERF_SCRIPT -> TraceKind.PERF_TEXT;
    };
  }

  private static Opened log(MappedFile file, Pattern pattern) {
    return text(TraceKind.LOG, TraceText.open(file.name(), pattern, bytes(file), file::close));
  }

  private static ByteStream bytes(MappedFile file) {
    return () -> new MemoryStream(file.memory());
  }

  private static Opened text(TraceKind kind, TextSource source) {
    return new Opened(kind, source, source.skippedLines(), source.firstSkippedLine());
  }

  private static boolean startsWith(byte[] head, byte[] magic) {
    return head.length >= magic.length
        && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
  }
}
