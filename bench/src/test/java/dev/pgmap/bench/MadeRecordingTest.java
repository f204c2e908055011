package dev.pgmap.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.read.TraceFiles;
import dev.pgmap.trace.write.TraceDatWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MadeRecordingTest {
  @TempDir private Path directory;

  @Test
  void theFileHoldsTheEventsThatWereMade() {
    Path file = directory.resolve("made.dat");
    try (MadeRecording made = new MadeRecording(5_000)) {
      TraceDatWriter.v6().write(made, file);

      try (TraceSource read = TraceFiles.open(file).source()) {
        assertThat(lines(read)).hasSize(5_000).isEqualTo(lines(made));
      }
    }
  }

  @Test
  void pinsAndUnpinsOfAPageAddUpToNothing() {
    try (MadeRecording made = new MadeRecording(3_000);
        TraceCursor cursor = made.open()) {
      long sum = 0;
      while (cursor.next()) {
        sum += number(cursor.event(), "val");
      }

      assertThat(sum).isZero();
    }
  }

  private static List<String> lines(TraceSource source) {
    List<String> lines = new ArrayList<>();
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        TraceEvent event = cursor.event();
        lines.add(
            "%d cpu %d %s-%d %s %x %d"
                .formatted(
                    event.timestamp(),
                    event.cpu(),
                    event.comm(),
                    event.pid(),
                    event.format(),
                    number(event, "pfn"),
                    number(event, "val")));
      }
    }
    return lines;
  }

  private static long number(TraceEvent event, String field) {
    return event.number(Objects.requireNonNull(event.format().field(field), field));
  }
}
