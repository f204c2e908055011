package dev.pgmap.core.mm;

import static dev.pgmap.core.mm.MmLab.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.phys.AllocFaults.Site;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each allocation of a call fails in turn: nothing may be lost, and the call works afterwards. */
class OutOfMemoryTest {
  private static final int MOST_ALLOCATIONS = 64;

  private final MmLab lab = new MmLab(MappingPolicy.NORMAL_PAGES);
  private final Task task = lab.task();
  private final Mm mm = task.mm();

  @AfterEach
  void nothingIsLeft() {
    try {
      RmapScan.check(lab.context, List.of(task));
      task.exit();
      lab.assertNothingLeft();
    } finally {
      lab.close();
    }
  }

  /** Runs a call with its first, second, ... allocation of a kind failing, until none does. */
  private void failEach(Site site, Runnable call) {
    int failures = 0;
    for (int nth = 1; nth <= MOST_ALLOCATIONS; nth++) {
      lab.ram.faults().arm(site, nth);
      try {
        call.run();
      } catch (MmException e) {
        assertThat(e.errno()).as("%s %d: %s", site, nth, e.getMessage()).isEqualTo(Errno.ENOMEM);
        failures++;
      }
      RmapScan.check(lab.context, List.of(task));
      boolean happened = lab.ram.faults().armed(site) == 0;
      lab.ram.faults().disarm();
      if (!happened) {
        assertThat(failures).as("failures of %s", site).isPositive();
        return;
      }
    }
  }

  private long written(int nrPages) {
    long at = mm.mmap(null, nrPages * PAGE, 0, false, true);
    mm.touch(at, nrPages * PAGE, (byte) 1);
    return at;
  }

  @Test
  void aWriteFault() {
    for (Site site : List.of(Site.PAGE, Site.PAGETABLE)) {
      failEach(
          site,
          () -> {
            long at = mm.mmap(null, 4 * PAGE, 0, false, true);
            try {
              mm.store(at, (byte) 1);
              assertThat(mm.load(at)).isEqualTo((byte) 1);
            } finally {
              mm.munmap(at, 4 * PAGE);
            }
          });
    }
  }

  @Test
  void aForkWithAPinnedPage() {
    long at = written(6);
    long pfn = mm.tables().find(at).pfnOf(at);
    mm.setHasPinned();
    lab.refs.mod(pfn, lab.record(pfn), 1024);
    for (Site site : List.of(Site.PAGE, Site.PAGETABLE)) {
      failEach(site, () -> task.fork().exit());
    }
    lab.refs.mod(pfn, lab.record(pfn), -1024);
  }

  @Test
  void aCopyOnWrite() {
    long at = written(4);
    failEach(
        Site.PAGE,
        () -> {
          Task child = task.fork();
          try {
            child.mm().store(at, (byte) 2);
          } finally {
            child.exit();
          }
        });
    assertThat(mm.load(at)).isEqualTo((byte) 1);
  }

  @Test
  void aMoveOfPages() {
    long[] at = {written(6)};
    failEach(
        Site.PAGETABLE,
        () -> {
          long to = 0x1000_0000_0000L;
          int flags = Mm.MREMAP_MAYMOVE | Mm.MREMAP_FIXED;
          mm.mremap(at[0], 6 * PAGE, 6 * PAGE, flags, to);
          at[0] = to;
        });
    assertThat(mm.load(at[0] + 5 * PAGE)).isEqualTo((byte) 1);
  }

  @Test
  void aWriteToAFileOfRam() {
    TmpFiles files = new TmpFiles(lab.context);
    RamFile file = files.open("/dev/shm/a", true);
    lab.ram.faults().arm(Site.PAGE, 2);
    MmException failure =
        catchThrowableOfType(MmException.class, () -> file.write(0, new byte[(int) (4 * PAGE)]));
    assertThat(failure.errno()).isEqualTo(Errno.ENOSPC);
    file.write(0, new byte[] {1});
    files.unlink("/dev/shm/a");
  }

  @Test
  void aPoolOfHugePages() {
    HugetlbPool pool = lab.context.ordinary().hugetlb().byDefault();
    lab.ram.faults().arm(Site.PAGE, 3);
    pool.setNrPages(lab.context, 4);
    assertThat(pool.nrPages()).as("as many as there were").isEqualTo(2);
    pool.setNrPages(lab.context, 0);
  }
}
