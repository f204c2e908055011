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
import java.util.Locale;

/**
 * Brings one large device online and takes it offline again, in a process of its own, and prints
 * what that took: {@code online NS offline NS before BYTES peak BYTES}.
 *
 * <p>Times are wall clock; {@code before} and {@code peak} are the most memory that the process had
 * had before the device went online, and in the end.
 */
public final class OnlineCase {
  private static final long GIB = 1L << 30;
  private static final long START = 64 * GIB;

  private final Machine machine;
  private final PhysRange range;
  private final PageSize size;

  private OnlineCase(Machine machine, PhysRange range, PageSize size) {
    this.machine = machine;
    this.range = range;
    this.size = size;
  }

  /** Options: {@code --gib N --page 2M|1G --style ERA}. */
  public static void main(String[] args) {
    Options options = Options.parse(List.of(args));
    PhysRange range = PhysRange.ofLength(START, options.number("gib", 1024) * GIB);
    PageSize size = PageSize.of(options.text("page", "2M"));
    Era era = Era.named(options.text("style", "7.2"));
    options.rejectUnknown();
    try (Machine machine = Machine.boot(specFor(era, range, size))) {
      new OnlineCase(machine, range, size).run();
    }
  }

  /** RAM that holds two pages of struct pages for each compound, or all of them without any. */
  private static MachineSpec specFor(Era era, PhysRange device, PageSize size) {
    boolean shared = era.pagemap().compound() && size != PageSize.SIZE_4K;
    long memmapBytes = shared ? device.bytes() / size.bytes() * 8192 : device.bytes() / 64;
    PhysRange pmem = PhysRange.ofLength(device.start(), device.bytes() + GIB);
    return new MachineSpec(
        2,
        MachineSpec.ramOf(2 * GIB + memmapBytes),
        List.of(new MachineSpec.Pmem(pmem, null)),
        List.of(),
        4,
        era);
  }

  private void run() {
    long before = Host.peakBytes();
    long began = System.nanoTime();
    DevPagemap pgmap =
        machine
            .pagemaps()
            .memremap(
                new PagemapSpec(
                    "bench", MemoryType.GENERIC, List.of(range), size.order(), null, null),
                DevPagemapOps.NONE);
    long online = System.nanoTime() - began;
    check(pgmap);
    long peak = Host.peakBytes();
    began = System.nanoTime();
    machine.pagemaps().memunmap(pgmap);
    long offline = System.nanoTime() - began;
    System.out.printf(
        Locale.ROOT, "online %d offline %d before %d peak %d%n", online, offline, before, peak);
  }

  /** Looks at every folio's count, and at one of its tails. */
  private void check(DevPagemap pgmap) {
    int order = pgmap.vmemmapShift();
    long nrFolios = 0;
    for (long head = pgmap.pfnFirst(0); head < pgmap.pfnEnd(0); head += 1L << order) {
      long tail = head + (1L << order) - 1;
      int count = machine.pageRefs().count(machine.structPages().record(head));
      if (count != 1 || machine.structPages().headPfn(tail) != head) {
        throw new IllegalStateException("page 0x%x: count %d".formatted(head, count));
      }
      nrFolios++;
    }
    if (nrFolios != pgmap.nrFolios(0)) {
      throw new IllegalStateException(nrFolios + " folios, expected " + pgmap.nrFolios(0));
    }
  }
}
