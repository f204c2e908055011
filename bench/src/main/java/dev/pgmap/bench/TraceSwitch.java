package dev.pgmap.bench;

import dev.pgmap.core.machine.Era;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.tracer.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One process of {@link TraceSwitchRun}: threads run hot, first undisturbed, then while page_ref
 * events are woven in and out.
 *
 * <p>{@code gap MILLIS MILLIS}: the longest that a thread stood still, before and while; {@code
 * switch MILLIS}, a line for each: how long it took.
 */
public final class TraceSwitch {
  private static final long MIB = 1L << 20;
  private static final int BURST = 16;

  private final MappedDevice device;
  private final int nrThreads;
  private final long phaseNanos;

  private TraceSwitch(MappedDevice device, int nrThreads, long phaseNanos) {
    this.device = device;
    this.nrThreads = nrThreads;
    this.phaseNanos = phaseNanos;
  }

  /** Options: {@code --threads}, {@code --seconds}: of each phase. */
  public static void main(String[] args) throws InterruptedException {
    Options options = Options.parse(List.of(args));
    int nrThreads = options.number("threads", 2);
    long phaseNanos = TimeUnit.SECONDS.toNanos(options.number("seconds", 5));
    options.rejectUnknown();
    try (MappedDevice device =
        MappedDevice.open(Era.named("6.1"), PageSize.of("4K"), 64 * MIB, true)) {
      new TraceSwitch(device, nrThreads, phaseNanos).run();
    }
  }

  private void run() throws InterruptedException {
    try (Tracer tracer = new Tracer(device.machine(), List.of())) {
      longestGapMillis(() -> TimeUnit.SECONDS.sleep(1));
      double before = longestGapMillis(() -> TimeUnit.NANOSECONDS.sleep(phaseNanos));
      double while_ = longestGapMillis(() -> turnOnAndOff(tracer));
      System.out.printf(Locale.ROOT, "gap %.2f %.2f%n", before, while_);
    }
  }

  private void turnOnAndOff(Tracer tracer) throws InterruptedException {
    List<String> events =
        tracer.events().stream()
            .filter(format -> format.system().equals("page_ref"))
            .map(EventFormat::fullName)
            .toList();
    long end = System.nanoTime() + phaseNanos;
    for (boolean on = true; System.nanoTime() < end || !on; on = !on) {
      long began = System.nanoTime();
      tracer.enable(events, on);
      System.out.printf(Locale.ROOT, "switch %.2f%n", (System.nanoTime() - began) / 1e6);
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  /** What is done while the threads run. */
  private interface Meanwhile {
    void run() throws InterruptedException;
  }

  private double longestGapMillis(Meanwhile meanwhile) throws InterruptedException {
    AtomicBoolean stops = new AtomicBoolean();
    List<Hot> threads = new ArrayList<>();
    for (int i = 0; i < nrThreads; i++) {
      threads.add(new Hot(i, stops));
    }
    threads.forEach(Thread::start);
    meanwhile.run();
    stops.set(true);
    long longest = 0;
    for (Hot thread : threads) {
      thread.join();
      longest = Math.max(longest, thread.longestNanos);
    }
    return longest / 1e6;
  }

  /** Pins and unpins pages of its own, and looks at the clock. */
  private final class Hot extends Thread {
    private final int number;
    private final AtomicBoolean stops;
    private final long[] pfns = new long[device.nrPages()];
    private long longestNanos;

    Hot(int number, AtomicBoolean stops) {
      this.number = number;
      this.stops = stops;
    }

    @Override
    public void run() {
      device.machine().sync().runAs("hot", this::work);
    }

    private void work() {
      long last = System.nanoTime();
      while (!stops.get()) {
        device.pin(pfns, number * BURST, BURST);
        device.unpin(pfns, number * BURST, BURST);
        long now = System.nanoTime();
        longestNanos = Math.max(longestNanos, now - last);
        last = now;
      }
    }
  }
}
