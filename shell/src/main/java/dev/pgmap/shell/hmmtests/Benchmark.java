package dev.pgmap.shell.hmmtests;

import dev.pgmap.api.devmem.MirrorCommand;
import dev.pgmap.core.mm.MapRequest;
import dev.pgmap.core.mm.MemoryAdvice;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * How long migration takes, with huge pages and without: figures of this engine, not of a kernel.
 */
final class Benchmark {
  private static final int ITERATIONS = 5;
  private static final double NANOS_PER_MS = 1e6;
  private static final double BYTES_PER_GB = 1L << 30;

  /** Buffers, in quarters of a huge page. */
  private record Size(String name, int quarters) {
    int npages() {
      return quarters * 128;
    }

    double megabytes() {
      return quarters * 0.5;
    }
  }

  private static final List<Size> SIZES =
      List.of(
          new Size("Small Buffer", 1),
          new Size("Half THP Size", 2),
          new Size("Single THP Size", 4),
          new Size("Two THP Size", 8),
          new Size("Four THP Size", 16),
          new Size("Eight THP Size", 32),
          new Size("One twenty eight THP Size", 512));

  /** Milliseconds of one migration, on average. */
  private record Result(double toDevice, double toSystem, double gigabytes) {
    double toDeviceRate() {
      return gigabytes / (toDevice / 1000);
    }

    double toSystemRate() {
      return gigabytes / (toSystem / 1000);
    }
  }

  private Benchmark() {}

  /** Prints a table for each size. */
  static void run(Self self) {
    PrintWriter out = self.console().out();
    out.println();
    out.println("HMM THP Migration Benchmark");
    out.println("---------------------------");
    out.println("System page size: " + Buffer.PAGE_BYTES + " bytes");
    for (Size size : SIZES) {
      Result huge = measure(self, size, MemoryAdvice.HUGEPAGE, "&thp_results");
      Result plain = measure(self, size, MemoryAdvice.NOHUGEPAGE, "&regular_results");
      print(out, size, huge, plain);
    }
  }

  private static Result measure(Self self, Size size, MemoryAdvice advice, String results) {
    long bytes = (long) size.npages() * Buffer.PAGE_BYTES;
    Buffer buffer =
        new Buffer(self.mm(), self.mm().mmap(MapRequest.anonymous(bytes)), size.npages());
    self.mm().madvise(buffer.address(), bytes, advice);
    buffer.fill(i -> i & 0xff);
    move(self, buffer, MirrorCommand.MIGRATE_TO_DEV, results);
    move(self, buffer, MirrorCommand.MIGRATE_TO_SYS, results);
    double toDevice = 0;
    double toSystem = 0;
    for (int i = 0; i < ITERATIONS; i++) {
      toDevice += move(self, buffer, MirrorCommand.MIGRATE_TO_DEV, results);
      toSystem += move(self, buffer, MirrorCommand.MIGRATE_TO_SYS, results);
    }
    buffer.free();
    return new Result(toDevice / ITERATIONS, toSystem / ITERATIONS, bytes / BYTES_PER_GB);
  }

  private static double move(Self self, Buffer buffer, MirrorCommand command, String results) {
    long begin = self.machine().sync().clock().nanos();
    int ret = buffer.command(self.device(0), command, buffer.npages());
    Check.equal(
        "run_migration_benchmark(self->fd, %d, test_sizes[i], iterations, %s)"
            .formatted(results.startsWith("&thp") ? 1 : 0, results),
        ret,
        "0",
        0);
    return (self.machine().sync().clock().nanos() - begin) / NANOS_PER_MS;
  }

  private static void print(PrintWriter out, Size size, Result huge, Result plain) {
    say(out, "%n=== %s (%.1f MB) ===", size.name, size.megabytes());
    say(out, "                     | With THP        | Without THP     | Improvement");
    say(out, "---------------------------------------------------------------------");
    time(out, "Sys->Dev Migration   ", huge.toDevice, plain.toDevice);
    time(out, "Dev->Sys Migration   ", huge.toSystem, plain.toSystem);
    rate(out, "S->D Throughput      ", huge.toDeviceRate(), plain.toDeviceRate());
    rate(out, "D->S Throughput      ", huge.toSystemRate(), plain.toSystemRate());
  }

  private static void time(PrintWriter out, String what, double huge, double plain) {
    double better = (plain - huge) / plain * 100;
    say(out, "%s| %.3f ms        | %.3f ms        | %.1f%%", what, huge, plain, better);
  }

  private static void rate(PrintWriter out, String what, double huge, double plain) {
    double better = (huge - plain) / plain * 100;
    say(out, "%s| %.2f GB/s      | %.2f GB/s      | %.1f%%", what, huge, plain, better);
  }

  private static void say(PrintWriter out, String format, Object... args) {
    out.println(String.format(Locale.ROOT, format, args));
  }
}
