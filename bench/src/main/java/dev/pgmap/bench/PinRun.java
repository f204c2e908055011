package dev.pgmap.bench;

import dev.pgmap.core.machine.Era;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;

/**
 * Our side of a comparison, a process of its own: the workload of a {@link PinCase}, the output of
 * the peer.
 *
 * <p>{@code time get NS put NS}, a line per repeat that counts; other lines are for people. Times
 * are those that the thread had a cpu, so that what else runs on the host counts less.
 */
public final class PinRun {
  private static final int LEAST_WARMUP_REPEATS = 20;
  private static final long LEAST_WARMUP_NANOS = 2_000_000_000L;

  private final PinCase workload;
  private final MappedDevice device;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final long[] pfns;
  private long pinNanos;
  private long unpinNanos;

  private PinRun(PinCase workload, MappedDevice device) {
    this.workload = workload;
    this.device = device;
    this.pfns = new long[device.nrPages()];
  }

  /** Options: as {@link PinCase#parse}. */
  public static void main(String[] args) {
    PinCase workload = PinCase.parse(List.of(args));
    long bytes = (long) workload.mib() << 20;
    try (MappedDevice device =
        MappedDevice.open(Era.named(workload.era()), workload.size(), bytes, workload.inDevice())) {
      new PinRun(workload, device).run();
    }
  }

  private void run() {
    System.out.printf("# %d pages, order %d%n", device.nrPages(), device.pgmap().vmemmapShift());
    checkOnce();
    warmUp();
    for (int i = 0; i < workload.repeat(); i++) {
      once();
      System.out.println("time get " + pinNanos + " put " + unpinNanos);
    }
    device.checkPins(0);
  }

  private void checkOnce() {
    device.pinAll(pfns, workload.batch());
    device.checkPins(1);
    device.unpinAll(pfns);
    device.checkPins(0);
    long last = device.firstPfn() + device.nrPages() - 1;
    if (pfns[pfns.length - 1] != last) {
      throw new IllegalStateException("the last page is 0x%x".formatted(pfns[pfns.length - 1]));
    }
  }

  private void warmUp() {
    long began = System.nanoTime();
    for (int i = 0;
        i < LEAST_WARMUP_REPEATS || System.nanoTime() - began < LEAST_WARMUP_NANOS;
        i++) {
      once();
    }
  }

  private void once() {
    long began = threads.getCurrentThreadCpuTime();
    device.pinAll(pfns, workload.batch());
    long pinned = threads.getCurrentThreadCpuTime();
    device.unpinAll(pfns);
    unpinNanos = threads.getCurrentThreadCpuTime() - pinned;
    pinNanos = pinned - began;
  }
}
