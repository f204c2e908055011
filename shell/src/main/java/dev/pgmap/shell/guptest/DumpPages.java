package dev.pgmap.shell.guptest;

import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.shell.page.PageDump;
import java.util.List;

/** {@code dump_pages_test}: writes chosen pages to the kernel log. */
final class DumpPages {
  private final Machine machine;

  DumpPages(Machine machine) {
    this.machine = machine;
  }

  /** Dumps the pages of these 0-based numbers. */
  void dump(List<Long> numbers, long[] pfns, int nrPages, long start) {
    KernelLog log = machine.log();
    for (int i = 0; i < numbers.size(); i++) {
      long number = numbers.get(i);
      if (number < 0 || number >= nrPages) {
        log.warn("ZEROING due to out of range: .which_pages[%d]: %d", i, number + 1);
        continue;
      }
      log.info("---- page #%d, starting from user virt addr: 0x%x", number, start);
      PageDump.of(machine, pfns[(int) number], "gup_test: dump_pages() test")
          .forEach(line -> log.info("%s", line));
    }
  }
}
