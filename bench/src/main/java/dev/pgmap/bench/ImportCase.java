package dev.pgmap.bench;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.read.TraceFiles;
import dev.pgmap.trace.write.FtraceText;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Goes through a recording some times, in a process of its own, and prints for each time {@code
 * events N nanos NS sum S}; nanoseconds are cpu time of the one thread that does it, {@code events}
 * are 0 where text is printed.
 */
public final class ImportCase {
  /** What is done with a recording. */
  enum Work {
    /** Every number of every event is read through the cursor. */
    DECODE,
    /** Every event is printed as {@code trace-cmd report} prints it. */
    TEXT
  }

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Map<EventFormat, EventField[]> fields = new IdentityHashMap<>();
  private long events;
  private long sum;

  private ImportCase() {}

  /** The command that does that so many times. */
  static List<String> command(Path file, Work work, int passes) {
    return Child.java(
        ImportCase.class,
        List.of(
            "--file",
            file.toString(),
            "--work",
            work.name().toLowerCase(Locale.ROOT),
            "--passes",
            String.valueOf(passes)));
  }

  /** Options: {@code --file FILE}, {@code --work decode|text} and {@code --passes N}. */
  public static void main(String[] args) throws IOException {
    Options options = Options.parse(List.of(args));
    Path file = Path.of(options.text("file", ""));
    Work work = Work.valueOf(options.text("work", "decode").toUpperCase(Locale.ROOT));
    int passes = options.number("passes", 1);
    options.rejectUnknown();
    for (int i = 0; i < passes; i++) {
      new ImportCase().pass(file, work);
    }
  }

  private void pass(Path file, Work work) throws IOException {
    long began = THREADS.getCurrentThreadCpuTime();
    try (TraceFiles.Opened opened = TraceFiles.open(file)) {
      switch (work) {
        case DECODE -> decode(opened.source());
        case TEXT -> print(opened.source());
      }
    }
    long nanos = THREADS.getCurrentThreadCpuTime() - began;
    System.out.printf(Locale.ROOT, "events %d nanos %d sum %x%n", events, nanos, sum);
  }

  private static void print(TraceSource source) throws IOException {
    try (OutputStream out = new FileOutputStream("/dev/null");
        Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8)) {
      FtraceText.report().print(source, writer);
    }
  }

  private void decode(TraceSource source) {
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        events++;
        add(cursor.event());
      }
    }
  }

  private void add(TraceEvent event) {
    sum += event.timestamp() + event.cpu() + event.pid();
    for (EventField field : fields.computeIfAbsent(event.format(), ImportCase::numbers)) {
      sum = 31 * sum + event.number(field);
    }
  }

  private static EventField[] numbers(EventFormat format) {
    List<EventField> numbers = new ArrayList<>(format.fields());
    numbers.removeIf(field -> field.shape() != EventField.Shape.NUMBER);
    return numbers.toArray(EventField[]::new);
  }
}
