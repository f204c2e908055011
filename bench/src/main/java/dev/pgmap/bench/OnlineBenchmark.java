package dev.pgmap.bench;

import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.pgmap.DevPagemap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Bringing 16 GiB online and taking them offline: a call of memremap or memunmap each. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx1g"})
@Warmup(iterations = 5)
@Measurement(iterations = 10)
public class OnlineBenchmark {
  private static final PhysRange RANGE = PhysRange.ofLength(16L << 30, 16L << 30);

  /** A machine with a device that can go online. */
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // JMH sets the fields.
  public static class Device {
    /** Page size of the device. */
    @Param({"4K", "2M", "1G"})
    public String align;

    /** Whose kernel the machine behaves like. */
    @Param({"5.10", "6.1", "7.2"})
    public String era;

    Machine machine;
    PagemapSpec spec;
    DevPagemap pgmap;

    /** Boots the machine. */
    @Setup
    public void boot() {
      PhysRange pmem = PhysRange.ofLength(RANGE.start(), RANGE.bytes() + (1L << 30));
      machine =
          Machine.boot(
              new MachineSpec(
                  2,
                  MachineSpec.ramOf(4L << 30),
                  List.of(new MachineSpec.Pmem(pmem, null)),
                  List.of(),
                  4,
                  Era.named(era)));
      int order = PageSize.of(align).order();
      spec = new PagemapSpec("bench", MemoryType.GENERIC, List.of(RANGE), order, null, null);
    }

    /** Switches the machine off. */
    @TearDown
    public void close() {
      machine.close();
    }

    void goOnline() {
      pgmap = machine.pagemaps().memremap(spec, DevPagemapOps.NONE);
    }

    void goOffline() {
      machine.pagemaps().memunmap(pgmap);
    }
  }

  /** A device that is brought online before each invocation. */
  public static class OnlineDevice extends Device {
    /** Brings it online. */
    @Setup(Level.Invocation)
    public void before() {
      goOnline();
    }
  }

  /** A device that is taken offline after each invocation. */
  public static class OfflineDevice extends Device {
    /** Takes it offline. */
    @TearDown(Level.Invocation)
    public void after() {
      goOffline();
    }
  }

  /** {@code memremap_pages}. */
  @Benchmark
  public void online(OfflineDevice device) {
    device.goOnline();
  }

  /** {@code memunmap_pages}. */
  @Benchmark
  public void offline(OnlineDevice device) {
    device.goOffline();
  }
}
