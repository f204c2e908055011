package dev.pgmap.bench;

import dev.pgmap.core.machine.Era;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.record.Lane;
import dev.pgmap.trace.record.RecordClock;
import dev.pgmap.trace.tracer.Tracer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One process of {@link TraceRun}: a workload in one {@link TraceState}.
 *
 * <p>{@code time NS EVENTS}, a line per repeat that counts: what one page took, and how many events
 * of it were recorded. Times are those that the thread had a cpu.
 */
public final class TraceCost {
  private static final long MIB = 1L << 20;
  private static final int BATCH = 512;
  private static final long WARMUP_NANOS = 1_500_000_000L;

  private final TraceState state;
  private final boolean pins;
  private final MappedDevice device;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final long[] pfns;
  private @Nullable Tracer tracer;

  private TraceCost(TraceState state, boolean pins, MappedDevice device) {
    this.state = state;
    this.pins = pins;
    this.device = device;
    this.pfns = new long[device.nrPages()];
  }

  /** Options: {@code --state}, {@code --work refs|pins}, {@code --repeat}. */
  public static void main(String[] args) {
    Options options = Options.parse(List.of(args));
    TraceState state = TraceState.of(options.text("state", "never"));
    boolean pins = options.text("work", "refs").equals("pins");
    int repeat = options.number("repeat", 20);
    try (MappedDevice device =
        MappedDevice.open(Era.named("6.1"), PageSize.of("4K"), 64 * MIB, true)) {
      TraceCost cost = new TraceCost(state, pins, device);
      device.machine().sync().runAs("bench", () -> cost.run(repeat));
    }
  }

  private void run(int repeat) {
    warmUp();
    prepare();
    warmUp();
    for (int i = 0; i < repeat; i++) {
      long before = kept();
      long nanos = timed();
      System.out.printf(
          "time %.4f %.4f%n",
          nanos / (double) device.nrPages(), (kept() - before) / (double) device.nrPages());
    }
    if (tracer != null) {
      tracer.close();
    }
  }

  /** Compiled code is thrown away when events are woven in or out: warm up before and after. */
  private void warmUp() {
    long began = System.nanoTime();
    while (System.nanoTime() - began < WARMUP_NANOS) {
      timed();
    }
  }

  private void prepare() {
    if (!state.hasAgent()) {
      return;
    }
    Tracer made = new Tracer(device.machine(), List.of());
    tracer = made;
    RecordClock clock = state.clock();
    made.recorder().clock(clock == null ? RecordClock.COUNTER : clock);
    enable(made, true);
    if (clock == null) {
      warmUp();
      enable(made, false);
    }
    made.recorder().turn(state != TraceState.PAUSED);
  }

  private static void enable(Tracer tracer, boolean on) {
    List<String> events =
        tracer.events().stream()
            .filter(format -> format.system().equals("page_ref"))
            .map(EventFormat::fullName)
            .toList();
    tracer.enable(events, on);
  }

  private long kept() {
    return tracer == null ? 0 : tracer.recorder().lanes().stream().mapToLong(Lane::kept).sum();
  }

  private long timed() {
    long began = threads.getCurrentThreadCpuTime();
    if (pins) {
      pinAndUnpin();
    } else {
      getAndPut();
    }
    return threads.getCurrentThreadCpuTime() - began;
  }

  private void pinAndUnpin() {
    for (int first = 0; first < pfns.length; first += BATCH) {
      device.pin(pfns, first, BATCH);
      device.unpin(pfns, first, BATCH);
    }
  }

  /** The bare operation: one more reference, one less, page by page. */
  private void getAndPut() {
    long first = device.firstPfn();
    for (long pfn = first; pfn < first + pfns.length; pfn++) {
      long rec = device.machine().structPages().record(pfn);
      device.machine().pageRefs().mod(pfn, rec, 1);
      device.machine().pageRefs().modAndTest(pfn, rec, -1);
    }
  }
}
