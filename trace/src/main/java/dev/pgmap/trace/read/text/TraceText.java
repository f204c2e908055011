package dev.pgmap.trace.read.text;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.read.input.ByteStream;
import java.io.ByteArrayInputStream;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Opens recordings that are text. Thread-safe: it has no state. */
public final class TraceText {
  private static final int MOST_LINES_TO_LOOK_AT = 1_000;

  private TraceText() {}

  /** The kinds of text that tell by themselves what they are. */
  public enum Kind {
    /** The kernel's {@code trace} and {@code trace_pipe}. */
    FTRACE(FtraceLines::new),
    /** The tree of calls that function_graph makes of both. */
    GRAPH(GraphLines::new),
    /** {@code trace-cmd report}. */
    REPORT(FtraceLines::new),
    /** {@code perf script}. */
    PERF_SCRIPT(PerfLines::new);

    private final Supplier<Dialect> dialect;

    Kind(Supplier<Dialect> dialect) {
      this.dialect = dialect;
    }
  }

  /**
   * Finds out what kind of text a file is.
   *
   * @param head its first bytes
   * @return null if none of its lines is of a kind that is known
   */
  public static @Nullable Kind detect(byte[] head) {
    LineReader lines = new LineReader(new ByteArrayInputStream(head), "head");
    for (int count = 0; count < MOST_LINES_TO_LOOK_AT && isNext(lines); count++) {
      Kind kind = detect(lines.line());
      if (kind != null) {
        return kind;
      }
    }
    return null;
  }

  private static boolean isNext(LineReader lines) {
    try {
      return lines.next();
    } catch (TraceException tooLong) {
      return false;
    }
  }

  private static @Nullable Kind detect(String line) {
    if (line.startsWith("# tracer:")) {
      return line.endsWith("_graph") ? Kind.GRAPH : Kind.FTRACE;
    }
    if (line.startsWith("cpus=")) {
      return Kind.REPORT;
    }
    for (Kind kind : Kind.values()) {
      if (kind.dialect.get().read(line, new RawEvent()) == Dialect.Line.EVENT) {
        return kind;
      }
    }
    return null;
  }

  /**
   * Opens a text.
   *
   * @param name what messages call it
   * @param text its bytes, which are gone through once now, and again by each cursor
   * @param closing is called when the source is closed
   * @throws TraceException if there is no event in it
   */
  public static TextSource open(String name, Kind kind, ByteStream text, Runnable closing) {
    return open(name, kind.dialect, text, closing);
  }

  /**
   * Opens a log.
   *
   * @param pattern what a line looks like that is an event; its named groups are the fields
   */
  public static TextSource open(String name, Pattern pattern, ByteStream text, Runnable closing) {
    return open(name, () -> new PatternLines(pattern), text, closing);
  }

  private static TextSource open(
      String name, Supplier<Dialect> dialect, ByteStream text, Runnable closing) {
    Supplier<RawEvents> passes =
        () -> new RawEvents(new LineReader(text.open(), name), dialect.get(), name);
    return new TextSource(name, passes, closing);
  }
}
