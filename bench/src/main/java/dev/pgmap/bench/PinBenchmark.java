package dev.pgmap.bench;

import dev.pgmap.core.machine.Era;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * Pin and unpin, per 4 KiB page. {@code -prof gc} shows what they allocate.
 *
 * <p>One invocation goes through 1 GiB in calls of {@code batch} pages, so that what a call costs
 * is in the figure, and what JMH does between invocations is not.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx1g"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PinBenchmark {
  private static final int NR_PAGES = 1 << 18;

  /** A device, all pages of which are mapped. */
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // JMH sets the fields.
  public static class Device {
    /** Mapping size of the device. */
    @Param({"4K", "2M", "1G"})
    public String align;

    /** Pages per call. */
    @Param({"1", "512"})
    public int batch;

    /** Whose kernel the machine behaves like. */
    @Param({"5.10", "6.1", "7.2"})
    public String era;

    MappedDevice mapped;
    long[] pfns;

    /** Boots the machine. */
    @Setup
    public void boot() {
      long bytes = (long) NR_PAGES << 12;
      mapped = MappedDevice.open(Era.named(era), PageSize.of(align), bytes, false);
      pfns = new long[NR_PAGES];
    }

    /** Switches the machine off. */
    @TearDown
    public void close() {
      mapped.checkPins(0);
      mapped.close();
    }
  }

  /** A device whose pages are pinned before each invocation. */
  public static class Pinned extends Device {
    /** Pins all pages. */
    @Setup(Level.Invocation)
    public void pin() {
      mapped.pinAll(pfns, 512);
    }
  }

  /** A device whose pages are unpinned after each invocation. */
  public static class Unpinned extends Device {
    /** Unpins all pages. */
    @TearDown(Level.Invocation)
    public void unpin() {
      mapped.unpinAll(pfns);
    }
  }

  /** Each page is pinned and unpinned again, batch by batch. */
  @Benchmark
  @OperationsPerInvocation(NR_PAGES)
  public void pinAndUnpin(Device device) {
    for (int first = 0; first < NR_PAGES; first += device.batch) {
      device.mapped.pin(device.pfns, first, device.batch);
      device.mapped.unpin(device.pfns, first, device.batch);
    }
  }

  /** Pins every page. */
  @Benchmark
  @OperationsPerInvocation(NR_PAGES)
  public void pin(Unpinned device) {
    device.mapped.pinAll(device.pfns, device.batch);
  }

  /** Unpins every page. */
  @Benchmark
  @OperationsPerInvocation(NR_PAGES)
  public void unpin(Pinned device) {
    for (int first = 0; first < NR_PAGES; first += device.batch) {
      device.mapped.unpin(device.pfns, first, device.batch);
    }
  }
}
