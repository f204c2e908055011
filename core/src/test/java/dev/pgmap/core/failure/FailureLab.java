package dev.pgmap.core.failure;

import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;

import dev.pgmap.core.failure.ErrorInjection.Advice;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.Mapping;
import java.util.List;

/**
 * A machine with a namespace on region 1, whose memory sections hold no RAM, and short ways to make
 * its pages fail.
 */
record FailureLab(DevdaxMachine of) {
  static final int REGION = 1;

  static FailureLab create(DevdaxMachine of, long align) {
    of.create(REGION, align, MapLocation.DEV, 64 * MIB);
    return new FailureLab(of);
  }

  Machine machine() {
    return of.machine;
  }

  /** The page of the device at an offset in pages. */
  long pfn(long page) {
    return of.pagemap(REGION).pfnFirst(0) + page;
  }

  Mapping map(long bytes) {
    return of.map(REGION, bytes).touch();
  }

  /** Lets one page fail that a task has mapped. */
  void poison(Mapping mapping, long page) {
    madvise(mapping, page, Advice.HWPOISON);
  }

  void madvise(Mapping mapping, long page, Advice advice) {
    machine().errorInjection().madvise(mapping.task(), mapping.at(page), PAGE, advice);
  }

  boolean isPoisoned(long pfn) {
    return machine().structPages().testFlag(machine().structPages().record(pfn), PageFlag.HWPOISON);
  }

  static boolean isMapped(Mapping mapping, long page) {
    return mapping.task().mm().tables().find(mapping.at(page)) != null;
  }

  /** The kernel log from memory failures and their injection. */
  List<String> log() {
    return machine().log().entries().stream()
        .map(entry -> entry.text())
        .filter(text -> text.matches("(Injecting|Soft|Memory failure|Unpoison).*"))
        .toList();
  }
}
