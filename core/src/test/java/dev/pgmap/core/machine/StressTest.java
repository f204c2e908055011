package dev.pgmap.core.machine;

import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.gup.Gup;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.mm.TaskSignal;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.page.NoStructPage;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.pgmap.PagemapHold;
import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything at once: holders of pages, while namespaces and mappings come and go under them. */
class StressTest extends DevdaxTest {
  private static final int NR_HOLDERS = 3;
  private static final int NR_ROUNDS = 25;
  private static final int NR_UNMAPS = 150;
  private static final int MAX_BATCH = 700;
  private static final long[] ALIGNS = {PAGE, 2 * MIB};

  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong batches = new AtomicLong();
  private final AtomicInteger batchesUnderWay = new AtomicInteger();
  private final AtomicBoolean pagesLost = new AtomicBoolean();

  @EachEra
  void holdersComeAndGoWhileNamespacesDo(String era) throws InterruptedException {
    holdWhileNamespacesComeAndGo(Era.named(era));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "5.10, hold=transitions",
    "5.10, hold=sweep",
    "5.17, devmap=none",
    "5.17, gup-pgmap=no managed-key=no",
    "6.1, hold=transitions",
    "6.1, hold=sweep",
    "6.12, devmap=none gup-walk=whole-leaf refcount=0-based",
    "7.2, hold=transitions",
    "7.2, hold=sweep",
    "7.2, hold=page refcount=1-based",
    "7.2, devmap=yes gup-walk=per-page-try refcount=mixed gup-pgmap=yes"
  })
  void holdersComeAndGoUnderPoliciesChosenOneByOne(String era, String choices)
      throws InterruptedException {
    Map<String, String> answers = new LinkedHashMap<>();
    for (String choice : choices.split(" ")) {
      String[] parts = choice.split("=");
      answers.put(parts[0], parts[1]);
    }
    holdWhileNamespacesComeAndGo(PolicyChoice.apply(Era.named(era), answers));
  }

  private void holdWhileNamespacesComeAndGo(Era era) throws InterruptedException {
    long seed = Crew.seed("holdersComeAndGoWhileNamespacesDo " + era.label());
    DevdaxMachine m = boot(DevdaxMachine.spec(era), new PageRefs());
    boolean waits =
        EnumSet.of(PagemapHold.EACH_BASE_REFERENCE, PagemapHold.TRANSITIONS, PagemapHold.SWEEP)
            .contains(m.machine.era().pagemap().hold());
    Crew crew = new Crew();
    crew.add(() -> createAndDestroy(m, new Random(seed), crew));
    for (int i = 0; i < NR_HOLDERS; i++) {
      Random random = new Random(seed + 1 + i);
      crew.add(() -> holdWhileRunning(m, random, waits));
    }

    crew.runAll();

    assertThat(batches.get()).as("batches that took a page").isPositive();
    long lostPins = m.machine.vmstat().pinAcquired() - m.machine.vmstat().pinReleased();
    if (pagesLost.get()) {
      m.expectLostPins(lostPins);
      m.expectWarnings();
      assertThat(m.warnings()).allMatch(text -> text.startsWith("use of a removed struct page"));
    } else {
      assertThat(lostPins).isZero();
    }
    assertThat(m.machine.pagemaps().all()).isEmpty();
  }

  /**
   * Pages come back at the same place only when nobody has any of the old ones left: a put that is
   * too late would hit their successors, as it would in a kernel that does not wait for holders.
   */
  private void createAndDestroy(DevdaxMachine m, Random random, Crew crew) {
    try {
      for (int round = 0; round < NR_ROUNDS && !crew.hasFailed(); round++) {
        MapLocation map = MapLocation.values()[random.nextInt(2)];
        m.create(0, ALIGNS[random.nextInt(2)], map, (16L << random.nextInt(3)) * MIB);
        long seen = batches.get();
        await(() -> batches.get() >= seen + NR_HOLDERS, crew);
        m.destroy(0);
        await(() -> batchesUnderWay.get() == 0, crew);
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

  private void holdWhileRunning(DevdaxMachine m, Random random, boolean waits) {
    while (!stop.get()) {
      Task task = m.machine.newTask("holder");
      try {
        Mapping mapping = m.map(task, 0, 8 * MIB, 0, true);
        for (int i = 0; i < 20 && !stop.get(); i++) {
          batchesUnderWay.incrementAndGet();
          try {
            holdBatch(mapping, random, waits);
          } finally {
            batchesUnderWay.decrementAndGet();
          }
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

  /** Takes a random batch in a random way, does something in between, and drops it. */
  private void holdBatch(Mapping mapping, Random random, boolean waits) {
    int first = random.nextInt(mapping.nrPages() - MAX_BATCH);
    int nr = 1 + random.nextInt(MAX_BATCH);
    boolean pin = random.nextBoolean();
    Mapping.Taker fast = pin ? Mapping.PIN_FAST : Mapping.GET_FAST;
    Mapping.Taker slow = pin ? Mapping.PIN : Mapping.GET;
    int flags = FollFlag.WRITE | (pin && random.nextInt(3) == 0 ? FollFlag.LONGTERM : 0);
    long[] pfns = mapping.take(random.nextInt(4) == 0 ? slow : fast, first, nr, flags);
    batches.incrementAndGet();
    try {
      if (random.nextBoolean()) {
        mapping.task().mm().touch(mapping.at(first), nr * PAGE, (byte) 0);
      }
    } finally {
      drop(mapping.machine().gup(), pfns, pin, waits);
    }
  }

  private void drop(Gup gup, long[] pfns, boolean pin, boolean waits) {
    if (pin) {
      for (int at = 0; at < pfns.length; at += 100) {
        long[] part = Arrays.copyOfRange(pfns, at, Math.min(pfns.length, at + 100));
        dropSome(() -> gup.unpinUserPages(part, 0, part.length), waits);
      }
    } else {
      for (long pfn : pfns) {
        dropSome(() -> gup.putPage(pfn), waits);
      }
    }
  }

  private void dropSome(Runnable drop, boolean waits) {
    try {
      drop.run();
    } catch (NoStructPage e) {
      assertThat(waits).as("teardown waits for holders, yet: %s", e).isFalse();
      assertThat(e.wasRemoved()).isTrue();
      pagesLost.set(true);
    }
  }

  @EachEra
  void theFastWalkLeavesNothingWhileLeavesAreCleared(String era) throws InterruptedException {
    for (long align : ALIGNS) {
      long seed = Crew.seed("theFastWalkLeavesNothingWhileLeavesAreCleared " + era);
      DevdaxMachine m = boot(era);
      m.create(0, align, MapLocation.MEM);
      AtomicBoolean done = new AtomicBoolean();
      Mapping mapping = m.map(0, 4 * MIB).touch();
      Crew crew = new Crew();
      crew.add(2, () -> pinFastWhileRunning(mapping, done));
      crew.add(() -> forkWhileRunning(mapping.task(), done));
      crew.add(() -> clearLeaves(m, mapping, new Random(seed), crew, done));

      crew.runAll();

      mapping.task().exit();
    }
  }

  private static void pinFastWhileRunning(Mapping mapping, AtomicBoolean done) {
    int flags = FollFlag.WRITE | FollFlag.FAST_ONLY;
    while (!done.get()) {
      mapping.unpin(mapping.take(Mapping.PIN_FAST, 0, 1024, flags));
      mapping.put(mapping.take(Mapping.GET_FAST, 100, 700, flags));
    }
  }

  private static void forkWhileRunning(Task task, AtomicBoolean done) {
    while (!done.get()) {
      task.fork().exit();
      Thread.yield();
    }
  }

  private static void clearLeaves(
      DevdaxMachine m, Mapping mapping, Random random, Crew crew, AtomicBoolean done) {
    try {
      for (int i = 0; i < NR_UNMAPS && !crew.hasFailed(); i++) {
        m.node(0).unmapMappingRange();
        long from = random.nextInt(1024) * PAGE;
        mapping.task().mm().touch(mapping.start() + from, mapping.bytes() - from, (byte) 0);
      }
    } finally {
      done.set(true);
    }
  }
}
