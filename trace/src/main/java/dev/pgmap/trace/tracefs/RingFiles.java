package dev.pgmap.trace.tracefs;

import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.record.FrozenLane;
import dev.pgmap.trace.record.Lane;
import dev.pgmap.trace.tracer.Tracer;
import dev.pgmap.trace.write.FtraceText;
import java.io.Reader;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/** The files that show the rings: {@code trace}, {@code trace_pipe}, {@code per_cpu}. */
final class RingFiles {
  /** In place of the number of a cpu. */
  static final int ALL = -1;

  private static final long NANOS = 1_000_000_000L;

  private final Tracer tracer;
  private final Snapshot snapshot;
  private final Supplier<String> tracerName;

  /**
   * The files.
   *
   * @param tracerName what {@code current_tracer} says
   */
  RingFiles(Tracer tracer, Snapshot snapshot, Supplier<String> tracerName) {
    this.tracer = tracer;
    this.tracerName = tracerName;
    this.snapshot = snapshot;
  }

  private static IntPredicate cpus(int cpu) {
    return any -> cpu == ALL || any == cpu;
  }

  /** Shows what is there; opening it without append empties all rings. */
  ControlFile trace(int cpu) {
    return ControlFile.list(() -> text(cpu), tracer::clear, unused -> {});
  }

  /** Shows what is there, and never again; open, it waits for more. */
  ControlFile tracePipe(int cpu) {
    ControlFile plain = ControlFile.readOnly(() -> consumed(cpu));
    return new ControlFile() {
      @Override
      public String read() {
        return plain.read();
      }

      @Override
      public Reader open(Runnable whileWaiting) {
        return new TracePipe(plain::read, tracer.recorder()::isOn, whileWaiting);
      }

      @Override
      public boolean isWritable() {
        return plain.isWritable();
      }

      @Override
      public void write(String text, boolean append) {
        plain.write(text, append);
      }
    };
  }

  private String text(int cpu) {
    StringBuilder text = new StringBuilder();
    try (TraceSource source = tracer.freeze("trace", cpus(cpu))) {
      FtraceText.kernel(tracerName.get()).print(source, text);
    }
    return text.toString();
  }

  private String consumed(int cpu) {
    StringBuilder text = new StringBuilder();
    try (TraceSource source = tracer.consume("trace_pipe", cpus(cpu))) {
      FtraceText.pipe().print(source, text);
    }
    return text.toString();
  }

  /** {@code per_cpu}: a cpu is a thread that recorded. */
  Folder perCpu() {
    return new Folder(this::cpuFolders);
  }

  private SortedMap<String, Node> cpuFolders() {
    SortedMap<String, Node> folders = new TreeMap<>();
    for (Lane lane : tracer.recorder().lanes()) {
      folders.put("cpu" + lane.cpu(), cpuFolder(lane));
    }
    return folders;
  }

  private Folder cpuFolder(Lane lane) {
    int cpu = lane.cpu();
    return Folder.of(
        Map.of(
            "trace", trace(cpu),
            "trace_pipe", tracePipe(cpu),
            "snapshot", snapshot.file(cpu),
            "stats", ControlFile.readOnly(() -> stats(lane))));
  }

  /** As tracing_stats_read. */
  private String stats(Lane lane) {
    FrozenLane now = FrozenLane.of(lane);
    long overrun = now.written() - lane.read() - now.events();
    long nanos = tracer.recorder().nanos();
    return """
    entries: %d
    overrun: %d
    commit overrun: 0
    bytes: %d
    now ts: %5d.%06d
    dropped events: %d
    read events: %d
    """
        .formatted(
            now.events(),
            Math.max(0, overrun),
            now.bytes(),
            nanos / NANOS,
            nanos % NANOS / 1000,
            lane.lost(),
            lane.read());
  }
}
