package dev.pgmap.trace.read.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.format.PrintFmt;
import dev.pgmap.trace.read.TraceFiles;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever the bytes of a file are, reading it gives events or one TraceException, soon and in
 * little memory. {@code -Dpgmap.fuzz=1000000} tries so many files in place of some thousands;
 * {@code -Dpgmap.fuzz.seed=N} repeats a run.
 */
class HostileFilesTest {
  private static final int USUAL_FILES = 6_000;

  /** Where, what was found and what was expected, on one line. */
  private static final Pattern ONE_SENTENCE = Pattern.compile("\\S+hostile\\b.*: .+, expected .+");

  private static final long MOST_BYTES = 256L << 20;
  private static final long MOST_NANOS = 20_000_000_000L;

  @TempDir private Path directory;
  private long checksum;
  private long events;

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void everyMutatedFileIsReadOrRefused() throws IOException {
    int files = Integer.getInteger("pgmap.fuzz", USUAL_FILES);
    long seed = Long.getLong("pgmap.fuzz.seed", System.nanoTime());
    Random random = new Random(seed);
    List<Seeds.Seed> seeds = Seeds.all(directory);
    Mutator mutator = new Mutator(random, seeds.stream().map(Seeds.Seed::bytes).toList());
    Tally tally = new Tally(seed);
    for (int i = 0; i < files; i++) {
      Seeds.Seed original = seeds.get(random.nextInt(seeds.size()));
      byte[] bytes = mutator.mutate(original);
      tally.add(original, bytes, this::read);
    }
    System.out.println(tally);
    assertThat(tally.refused).isPositive();
    assertThat(tally.read).isPositive();
  }

  @Test
  void theFilesAreSoundBeforeTheyAreMutated() throws IOException {
    for (Seeds.Seed seed : Seeds.all(directory)) {
      events = 0;
      read(seed, seed.bytes());

      assertThat(events).as(seed.name()).isGreaterThan(1);
      assertThat(checksum).as(seed.name()).isNotZero();
    }
  }

  /** Were a reader to throw something else, the test had to see it. */
  @Test
  void anotherExceptionWouldBeNoticed() {
    Seeds.Seed seed = new Seeds.Seed("any", new byte[0]);
    Reader broken =
        (any, bytes) -> {
          throw new IndexOutOfBoundsException("read outside");
        };

    assertThatThrownBy(() -> new Tally(1).add(seed, new byte[20], broken))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("any, seed 1 file 1");
  }

  /** Reads a file. */
  private interface Reader {
    void read(Seeds.Seed seed, byte[] bytes) throws IOException;
  }

  /** Looks at everything that a recording tells. */
  private void read(Seeds.Seed seed, byte[] bytes) throws IOException {
    Path file = directory.resolve("hostile");
    // A new file each time: some file systems write one out to disk that is cut and filled again.
    Files.deleteIfExists(file);
    Files.write(file, bytes);
    try (TraceFiles.Opened opened = TraceFiles.open(file, seed.options())) {
      TraceSource source = opened.source();
      checksum += source.symbols().size() + source.comms().byPid().size() + source.nrCpus();
      checksum += source.clock().name().length();
      Map<EventFormat, PrintFmt> prints = new IdentityHashMap<>();
      try (TraceCursor cursor = source.open()) {
        while (cursor.next()) {
          events++;
          look(source, cursor.event(), prints);
        }
      }
    }
  }

  private void look(TraceSource source, TraceEvent event, Map<EventFormat, PrintFmt> prints) {
    checksum += event.timestamp() + event.cpu() + event.pid() + event.flags() + event.lost();
    checksum += event.comm().length() + event.buffer().length() + event.preemptCount();
    event.format().common().forEach(field -> look(event, field));
    event.format().fields().forEach(field -> look(event, field));
    StringBuilder out = new StringBuilder();
    prints.computeIfAbsent(event.format(), PrintFmt::of).print(event, source.symbols(), out);
    checksum += out.length();
  }

  private void look(TraceEvent event, EventField field) {
    if (field.shape().isText()) {
      checksum += event.text(field).length();
      return;
    }
    int length = event.length(field);
    for (int i = 0; i < length; i++) {
      checksum +=
          field.shape() == EventField.Shape.NUMBER ? event.number(field) : event.element(field, i);
    }
  }

  /** What became of the files. */
  private static final class Tally {
    private final long seed;
    private final long began = System.nanoTime();
    private final Map<String, long[]> byKind = new TreeMap<>();
    private long files;
    private long read;
    private long refused;
    private long mostBytes;
    private long mostNanos;

    Tally(long seed) {
      this.seed = seed;
    }

    void add(Seeds.Seed original, byte[] bytes, Reader reader) throws IOException {
      files++;
      long[] counts = byKind.computeIfAbsent(original.name(), unused -> new long[2]);
      long before = allocated();
      long began = System.nanoTime();
      try {
        reader.read(original, bytes);
        counts[0]++;
        read++;
      } catch (TraceException expected) {
        assertThat(expected.getMessage()).matches(ONE_SENTENCE);
        counts[1]++;
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("%s, seed %d file %d".formatted(original.name(), seed, files), e);
      }
      note(allocated() - before, System.nanoTime() - began, original);
    }

    private void note(long bytes, long nanos, Seeds.Seed original) {
      mostBytes = Math.max(mostBytes, bytes);
      mostNanos = Math.max(mostNanos, nanos);
      String file = "%s, seed %d file %d".formatted(original.name(), seed, files);
      assertThat(bytes).as("bytes for %s", file).isLessThan(MOST_BYTES);
      assertThat(nanos).as("nanoseconds for %s", file).isLessThan(MOST_NANOS);
    }

    private static long allocated() {
      return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
          .getCurrentThreadAllocatedBytes();
    }

    @Override
    public String toString() {
      StringBuilder text =
          new StringBuilder(
              "seed %d: %d files, %d a second, %d read, %d refused, at most %d KiB and %d ms each"
                  .formatted(
                      seed,
                      files,
                      files * 1_000_000_000L / (System.nanoTime() - began),
                      read,
                      refused,
                      mostBytes >> 10,
                      mostNanos / 1_000_000));
      byKind.forEach((name, counts) ->
          text.append("\n  %-14s %d read, %d refused".formatted(name, counts[0], counts[1])));
      return text.toString();
    }
  }
}
