package dev.pgmap.core.failure;

import static dev.pgmap.core.failure.FailureLab.REGION;
import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.failure.FailurePolicies.Rule;
import dev.pgmap.core.mm.SigInfo;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.mm.TaskSignal;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.page.NoStructPage;
import dev.pgmap.core.pgmap.PagemapHold;
import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Pages fail while tasks map and unmap them, and while their namespaces come and go. */
class FailureStressTest extends DevdaxTest {
  private static final int NR_ROUNDS = 15;
  private static final int NR_TASKS = 3;
  private static final long BYTES = 4 * MIB;
  private static final long FIRST_PFN = 0x80000;
  private static final int NR_PFNS = 0x4400;

  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong signals = new AtomicLong();
  private final AtomicInteger failuresUnderWay = new AtomicInteger();
  private final AtomicBoolean pagesLost = new AtomicBoolean();

  @EachEra
  void pagesFailWhileMappingsAndNamespacesComeAndGo(String era) throws InterruptedException {
    long seed = Crew.seed("pagesFailWhileMappingsAndNamespacesComeAndGo " + era);
    DevdaxMachine m = boot(era);
    Crew crew = new Crew();
    crew.add(() -> createAndDestroy(m, new Random(seed), crew));
    crew.add(() -> corruptAnything(m, new Random(seed + 1)));
    for (int i = 0; i < NR_TASKS; i++) {
      Random random = new Random(seed + 2 + i);
      crew.add(() -> poisonWhatIsMapped(m, random));
    }

    crew.runAll();

    assertThat(failures.get()).as("failures that were handled").isPositive();
    assertThat(signals.get()).as("signals").isPositive();
    if (pagesLost.get()) {
      m.expectWarnings();
      assertThat(m.warnings()).allMatch(text -> text.startsWith("use of a removed struct page"));
    }
    assertThat(m.machine.pagemaps().all()).isEmpty();
  }

  /** As in other stress tests, pages come back only when nobody has any of the old ones left. */
  private void createAndDestroy(DevdaxMachine m, Random random, Crew crew) {
    try {
      for (int round = 0; round < NR_ROUNDS && !crew.hasFailed(); round++) {
        MapLocation map = MapLocation.values()[random.nextInt(2)];
        m.create(REGION, random.nextBoolean() ? PAGE : 2 * MIB, map, 64 * MIB);
        long seen = failures.get();
        await(() -> failures.get() >= seen + 10, crew);
        m.destroy(REGION);
        await(() -> failuresUnderWay.get() == 0, crew);
      }
    } finally {
      stop.set(true);
    }
  }

  private static void await(BooleanSupplier condition, Crew crew) {
    while (!condition.getAsBoolean() && !crew.hasFailed()) {
      Thread.yield();
    }
  }

  /** Lets pages fail that nobody asked for: data, metadata, memory that is not there. */
  private void corruptAnything(DevdaxMachine m, Random random) {
    while (!stop.get()) {
      try {
        m.machine.errorInjection().corruptPfn(FIRST_PFN + random.nextInt(NR_PFNS));
      } catch (MmException e) {
        assertThat(e.errno()).as("%s", e).isIn(Errno.ENXIO, Errno.EBUSY);
      }
    }
  }

  private void poisonWhatIsMapped(DevdaxMachine m, Random random) {
    while (!stop.get()) {
      Task task = m.machine.newTask("victim");
      try {
        task.setKilledEarly(random.nextBoolean());
        Mapping mapping = m.map(task, REGION, BYTES, 0, true);
        for (int i = 0; i < 20 && !stop.get(); i++) {
          task.mm().store(mapping.at(random.nextInt(mapping.nrPages())), (byte) 1);
          poison(mapping, random.nextInt(mapping.nrPages()));
          checkSignal(mapping);
        }
      } catch (TaskSignal e) {
        assertThat(e.signal()).isEqualTo(TaskSignal.SIGBUS);
      } catch (MmException e) {
        assertThat(e.errno()).as("%s", e).isIn(Errno.ENOENT, Errno.ENXIO, Errno.EFAULT);
      } finally {
        task.exit();
      }
    }
  }

  /** What madvise does, in steps, so that what a kernel leaks can be given back. */
  private void poison(Mapping mapping, int page) {
    failuresUnderWay.incrementAndGet();
    try {
      long[] pfn = mapping.take(Mapping.GET_FAST, page, 1, 0);
      try {
        mapping
            .machine()
            .memoryFailure()
            .fail(pfn[0], MfFlag.COUNT_INCREASED | MfFlag.ACTION_REQUIRED, mapping.task());
        failures.incrementAndGet();
      } catch (NoStructPage e) {
        lost(mapping, e);
      } catch (MmException e) {
        assertThat(e.errno()).as("%s", e).isEqualTo(Errno.ENXIO);
        putWhatLeaked(mapping, pfn);
      }
    } finally {
      failuresUnderWay.decrementAndGet();
    }
  }

  private void putWhatLeaked(Mapping mapping, long[] pfn) {
    boolean leaks = !mapping.machine().era().failure().has(Rule.PUTS_WITHOUT_PAGEMAP);
    if (leaks && waitsForHolders(mapping)) {
      mapping.put(pfn);
    }
  }

  /** Where teardown does not wait, the reference can come too late to be dropped. */
  private void lost(Mapping mapping, NoStructPage e) {
    assertThat(waitsForHolders(mapping)).as("teardown waits for holders, yet: %s", e).isFalse();
    assertThat(e.wasRemoved()).isTrue();
    pagesLost.set(true);
  }

  private static boolean waitsForHolders(Mapping mapping) {
    return mapping.machine().era().pagemap().hold() == PagemapHold.EACH_BASE_REFERENCE;
  }

  private void checkSignal(Mapping mapping) {
    SigInfo signal = mapping.task().takeSignal();
    if (signal != null) {
      signals.incrementAndGet();
      assertThat(signal.address()).isBetween(mapping.start(), mapping.end() - 1);
      assertThat(signal.addressLsb()).isIn(12, 21);
      assertThat(signal.code()).isIn(SigInfo.BUS_MCEERR_AR, SigInfo.BUS_MCEERR_AO);
    }
  }
}
