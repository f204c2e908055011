package dev.pgmap.bench;

import dev.pgmap.core.gup.Gup;
import dev.pgmap.core.pgtable.Geometries;
import dev.pgmap.core.pgtable.TableWalker;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Both walkers on every geometry, per 4 KiB frame of base pages; {@code -prof gc} shows what they
 * allocate. {@link WalkRun} holds one against the other in one process.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx1g"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH sets the fields.
public class WalkBenchmark {
  /** The shape of the page tables. */
  @Param({
    "x86-64",
    "x86-64-la57",
    "powerpc-radix-4k",
    "powerpc-radix-64k",
    "powerpc-hash-4k",
    "powerpc-hash-64k",
    "arm64-4k",
    "arm64-16k",
    "arm64-64k"
  })
  public String geometry;

  /** Who goes over them. */
  @Param({"per-level", "leaf"})
  public String walker;

  private WalkedDevice device;
  private TableWalker by;
  private Gup gup;

  /** Boots the machine. */
  @Setup
  public void boot() {
    device = WalkedDevice.open(Geometries.named(geometry));
    by = TableWalker.named(walker);
    gup = device.gup(by);
  }

  /** Switches the machine off. */
  @TearDown
  public void close() {
    device.close();
  }

  /** Pins and unpins by the fast call. */
  @Benchmark
  @OperationsPerInvocation(WalkedDevice.NR_FRAMES)
  public void pinAndUnpin() {
    device.pinAndUnpin(gup);
  }

  /** Dumps the pagemap. */
  @Benchmark
  @OperationsPerInvocation(WalkedDevice.NR_FRAMES)
  public long dump() {
    return device.dump(by);
  }
}
