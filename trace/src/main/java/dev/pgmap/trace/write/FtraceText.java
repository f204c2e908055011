package dev.pgmap.trace.write;

import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Prints a recording as text, line by line as a kernel or {@code trace-cmd report} would print it.
 *
 * <p>It goes through the events twice: the first lines tell of all of them.
 */
public final class FtraceText implements TraceWriter {
  private static final int BATCH_CHARS = 1 << 13;

  private final Function<TraceSource, TextLines> lines;

  private FtraceText(Function<TraceSource, TextLines> lines) {
    this.lines = lines;
  }

  /**
   * As a kernel 6 prints it into {@code /sys/kernel/tracing/trace}: a tree of calls if
   * function_graph recorded any, else a line for each event.
   */
  public static FtraceText kernel() {
    return new FtraceText(source -> kernelLines(source, Census.of(source)));
  }

  /** The same of a machine that says which tracer it has, whatever that has recorded yet. */
  public static FtraceText kernel(String tracer) {
    return new FtraceText(source -> kernelLines(source, Census.of(source).by(tracer)));
  }

  private static TextLines kernelLines(TraceSource source, Census census) {
    return census.tracer().equals("function_graph")
        ? new KernelGraphLines(source)
        : new KernelLines(source, census);
  }

  /** As a kernel prints it into {@code trace_pipe}: events alone, nothing before them. */
  public static FtraceText pipe() {
    return new FtraceText(source -> KernelLines.withoutHeader(source, Census.of(source)));
  }

  /** As {@code trace-cmd report} 3.1 prints it with the plugins that come with it. */
  public static FtraceText report() {
    return report(ReportStyle.PLAIN);
  }

  /** The same with some of its options. */
  public static FtraceText report(ReportStyle style) {
    return new FtraceText(
        source -> new ReportLines(source, Census.of(source).bufferWidth(), style));
  }

  @Override
  public void write(TraceSource source, Path target) {
    try (OutputFile out = OutputFile.create(target);
        Writer writer = new OutputStreamWriter(out.stream(), StandardCharsets.UTF_8)) {
      print(source, writer);
      writer.flush();
      out.commit();
    } catch (IOException e) {
      throw OutputFile.failed(target, e);
    }
  }

  /**
   * Prints all events.
   *
   * @throws TraceException if the source is damaged
   * @throws UncheckedIOException if nothing can be appended
   */
  public void print(TraceSource source, Appendable out) {
    TextLines printer = lines.apply(source);
    StringBuilder batch = new StringBuilder(2 * BATCH_CHARS);
    try (TraceCursor cursor = source.open()) {
      printer.begin(batch);
      while (cursor.next()) {
        printer.add(cursor.event(), batch);
        if (batch.length() > BATCH_CHARS) {
          out.append(batch);
          batch.setLength(0);
        }
      }
      printer.end(batch);
      out.append(batch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
