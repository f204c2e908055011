package dev.pgmap.shell.zdtool;

import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgtable.PageTable;
import dev.pgmap.core.pgtable.Pte;

/** What {@code /proc/PID/pagemap} and {@code /proc/kpageflags} say of an address. */
final class PageProbe {
  private static final long KPF_HWPOISON = 1L << 19;
  private static final long KPF_NOPAGE = 1L << 20;
  private static final long KPF_REFERENCED = 1L << 2;
  private static final long KPF_RESERVED = 1L << 32;
  private static final long SECTION_BYTES = 128L << 20;

  private final Machine machine;

  PageProbe(Machine machine) {
    this.machine = machine;
  }

  String describe(Mm mm, long address) {
    long pfn = pfnOf(mm, address);
    return pfn < 0
        ? "va=0x%x not-present pagemap=0".formatted(address)
        : "va=0x%x %s".formatted(address, describe(pfn));
  }

  String describe(long pfn) {
    return "pfn=0x%x kpageflags=%s kpagecount=0".formatted(pfn, kpageflagsText(pfn));
  }

  /** The flags as {@code %#lx} prints them. */
  String kpageflagsText(long pfn) {
    long flags = kpageflags(pfn);
    return flags == 0 ? "0" : "0x" + Long.toHexString(flags);
  }

  /** The page that an address is mapped to; -1 for none. */
  long pfnOf(Mm mm, long address) {
    int token = machine.sync().rcu().readLock();
    try {
      PageTable table = mm.tables().lowestTable(address);
      long entry = table.loadAcquire(table.index(address));
      return Pte.isLeaf(entry, table.level())
          ? Pte.pfn(entry) + ((address - table.blockStart(address)) >>> 12)
          : -1;
    } finally {
      machine.sync().rcu().readUnlock(token);
    }
  }

  /**
   * {@code /proc/kpageflags} shows nothing of device pages: 0 in 7.2, "no page" before, except that
   * 5.10 takes a page for an ordinary one if its section holds RAM too.
   */
  private long kpageflags(long pfn) {
    return switch (machine.era().kpageflags()) {
      case NOPAGE_UNLESS_MIXED -> sharesSectionWithRam(pfn) ? flagsOf(pfn) : KPF_NOPAGE;
      case NOPAGE -> KPF_NOPAGE;
      case ZERO -> 0;
    };
  }

  private boolean sharesSectionWithRam(long pfn) {
    long start = (pfn << 12) & -SECTION_BYTES;
    PhysRange section = PhysRange.ofLength(start, SECTION_BYTES);
    return machine.spec().ram().stream().anyMatch(section::overlaps);
  }

  private long flagsOf(long pfn) {
    int token = machine.sync().rcu().readLock();
    try {
      StructPages pages = machine.structPages();
      long rec = pages.record(pfn);
      return (pages.testFlag(rec, PageFlag.RESERVED) ? KPF_RESERVED : 0)
          | (pages.testFlag(rec, PageFlag.HWPOISON) ? KPF_HWPOISON : 0)
          | (pages.testFlag(rec, PageFlag.REFERENCED) ? KPF_REFERENCED : 0);
    } finally {
      machine.sync().rcu().readUnlock(token);
    }
  }
}
