package dev.pgmap.trace.replay;

import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.machine.MachineSpec.Pmem;
import dev.pgmap.trace.event.TraceException;
import java.util.List;

/** The machine that a recording is replayed on: device memory where the recording has pages. */
public final class ReplayMachine {
  /** A namespace's own first pages hold no data. */
  private static final long RESERVED_PAGES = 0x200;

  private static final long SECTION_PAGES = 0x8000;
  private static final long RAM_BYTES = 256L << 20;
  private static final long MOST_PAGES = 1L << 28;
  private static final int PAGE_SHIFT = 12;

  private ReplayMachine() {}

  /**
   * A machine whose first persistent memory holds these pages as data of one namespace.
   *
   * @param firstPfn the lowest recorded page
   * @param lastPfn the highest
   * @throws TraceException if they are too far apart
   */
  public static MachineSpec spec(Era era, long firstPfn, long lastPfn) {
    long first = Math.max(0, firstPfn - RESERVED_PAGES) & -SECTION_PAGES;
    long end = (lastPfn + SECTION_PAGES) & -SECTION_PAGES;
    if (end - first > MOST_PAGES || firstPfn < RESERVED_PAGES) {
      throw new TraceException(
          "replay",
          "pages from 0x%x to 0x%x".formatted(firstPfn, lastPfn),
          "pages of one device, less than 1 TiB apart, from 0x200 on",
          "choose some with --pfn FIRST-LAST");
    }
    PhysRange device = PhysRange.ofLength(first << PAGE_SHIFT, end - first << PAGE_SHIFT);
    long ramStart = device.start() >= RAM_BYTES ? 0x100000 : device.end() + 1;
    return new MachineSpec(
        1,
        List.of(PhysRange.ofLength(ramStart, RAM_BYTES - 0x100000)),
        List.of(new Pmem(device, null)),
        List.of(),
        4,
        era);
  }
}
