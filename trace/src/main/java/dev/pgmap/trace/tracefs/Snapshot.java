package dev.pgmap.trace.tracefs;

import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.record.TakenRings;
import dev.pgmap.trace.tracer.Tracer;
import dev.pgmap.trace.write.FtraceText;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code snapshot}: the rings set aside as they were at a moment. The live ones begin empty then; a
 * kernel would bring back what the snapshot before held. Thread-safe; taking one waits for nobody.
 */
final class Snapshot {
  private static final String USAGE =
      """
      # tracer: nop
      #
      # * Snapshot is freed *
      #
      # echo 0 > snapshot : gives the snapshot up
      # echo 1 > snapshot : takes one
      # echo 2 > snapshot : empties it
      """;

  private final Tracer tracer;
  private final Supplier<String> tracerName;
  private volatile @Nullable TakenRings rings;

  /**
   * No snapshot yet.
   *
   * @param tracerName what {@code current_tracer} says
   */
  Snapshot(Tracer tracer, Supplier<String> tracerName) {
    this.tracer = tracer;
    this.tracerName = tracerName;
  }

  /** Takes one. */
  void take() {
    rings = tracer.recorder().swap();
  }

  ControlFile file(int cpu) {
    return ControlFile.readWrite(() -> text(cpu), this::write);
  }

  private String text(int cpu) {
    TakenRings taken = rings;
    if (taken == null) {
      return USAGE;
    }
    StringBuilder text = new StringBuilder();
    try (TraceSource source =
        tracer.freeze("snapshot", taken, any -> cpu == RingFiles.ALL || any == cpu)) {
      FtraceText.kernel(tracerName.get()).print(source, text);
    }
    return text.toString();
  }

  private void write(String text) {
    switch (text.strip()) {
      case "0" -> rings = null;
      case "1" -> take();
      case "2" -> clear();
      default -> throw FileProblem.invalid(text, "0, 1 or 2");
    }
  }

  /** Empties it; without one there is nothing to do. */
  void clear() {
    if (rings != null) {
      rings = TakenRings.NONE;
    }
  }
}
