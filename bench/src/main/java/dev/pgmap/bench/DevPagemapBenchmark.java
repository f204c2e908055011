package dev.pgmap.bench;

import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.pgmap.Pagemaps;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** {@code get_dev_pagemap} and {@code put_dev_pagemap}. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx1g"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH sets the fields.
public class DevPagemapBenchmark {
  private static final long START = 16L << 30;
  private static final long BYTES_EACH = 256L << 20;

  /** How many pgmaps the machine has. */
  @Param({"1", "16", "256"})
  public int pagemaps;

  private Machine machine;
  private Pagemaps subject;
  private DevPagemap held;
  private long nextPfn;

  /** Boots the machine and brings the pgmaps online. */
  @Setup
  public void boot() {
    PhysRange all = PhysRange.ofLength(START, (pagemaps + 1) * BYTES_EACH);
    machine =
        Machine.boot(
            new MachineSpec(
                2,
                MachineSpec.ramOf(4L << 30),
                List.of(new MachineSpec.Pmem(all, null)),
                List.of(),
                4,
                Era.V6_1));
    subject = machine.pagemaps();
    for (int i = 0; i < pagemaps; i++) {
      PhysRange range = PhysRange.ofLength(START + i * BYTES_EACH, BYTES_EACH);
      held =
          subject.memremap(
              new PagemapSpec("bench", MemoryType.GENERIC, List.of(range), 9, null, null),
              DevPagemapOps.NONE);
    }
  }

  /** Switches the machine off. */
  @TearDown
  public void close() {
    machine.close();
  }

  private long pfn() {
    nextPfn = nextPfn + 65_537 & (1L << 62) - 1;
    return (START >>> 12) + nextPfn % (pagemaps * (BYTES_EACH >>> 12));
  }

  /** A lookup without a cached pgmap, and its put. */
  @Benchmark
  public @Nullable DevPagemap lookUp() {
    DevPagemap found = subject.getDevPagemap(pfn(), null);
    subject.putDevPagemap(found);
    return found;
  }

  /** A lookup that the cached pgmap answers. */
  @Benchmark
  public @Nullable DevPagemap cached() {
    return subject.getDevPagemap(held.pfnFirst(0) + (nextPfn++ & 0xffff), held);
  }

  /** A pfn that no pgmap covers. */
  @Benchmark
  public @Nullable DevPagemap miss() {
    return subject.getDevPagemap(0x1000 + (nextPfn++ & 0xffff), null);
  }
}
