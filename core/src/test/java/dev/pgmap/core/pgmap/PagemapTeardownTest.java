package dev.pgmap.core.pgmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.page.NoStructPage;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.RecordingPageRefs;
import dev.pgmap.core.page.RefUnderflow;
import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.Floors;
import dev.pgmap.core.testing.Kernels;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** memunmap_pages: what it waits for, whom it calls, and what a late put meets. */
class PagemapTeardownTest {
  private static final long MIB = Floors.MIB;
  private static final long PFN = Floors.DEVICE >>> 12;

  private final RecordingPageRefs refs = new RecordingPageRefs();
  private final RecordingOps ops = new RecordingOps();
  private Floors floors = new Floors(Kernels.V6_1.policies(), refs);

  @AfterEach
  void close() {
    floors.close();
  }

  private DevPagemap online(Kernels kernel, PagemapSpec spec) {
    floors.close();
    floors = new Floors(kernel.policies(), refs);
    DevPagemap pgmap = floors.pagemaps.memremap(spec, ops);
    refs.sequences().clear();
    return pgmap;
  }

  private DevPagemap online(Kernels kernel, int shift) {
    return online(kernel, Floors.spec(Floors.DEVICE, 4 * MIB, shift));
  }

  @ParameterizedTest
  @EnumSource(Kernels.class)
  void gettingAndPuttingPagesNeverCallsTheDriver(Kernels kernel) {
    DevPagemap pgmap = online(kernel, 9);
    floors.hold(PFN + 600, 3);
    floors.hold(PFN + 600, 1);
    int order = pgmap.vmemmapShift();
    long head = order == 0 ? PFN + 600 : PFN + 512;
    floors.assertInvariants(Map.of(head, 4));
    floors.put.put(PFN + 600, 3);
    floors.put.put(PFN + 600, 1);
    floors.assertInvariants();
    assertThat(ops.calls).isEmpty();
    floors.pagemaps.memunmap(pgmap);
    boolean byOps = kernel == Kernels.V5_10;
    assertThat(ops.calls).isEqualTo(byOps ? List.of("kill", "cleanup") : List.of());
    floors.assertNothingLeft();
    floors.assertNoWarnings();
  }

  @ParameterizedTest
  @EnumSource(
      value = Kernels.class,
      names = {"V5_10", "V5_17"})
  void upTo517TeardownWaitsForAHeldPage(Kernels kernel) throws Exception {
    DevPagemap pgmap = online(kernel, 9);
    floors.hold(PFN + 700, 1024);
    AtomicBoolean gone = new AtomicBoolean();
    Crew crew =
        new Crew()
            .add(() -> {
              floors.pagemaps.memunmap(pgmap);
              gone.set(true);
            });
    crew.start();
    while (floors.refs.count(floors.pages.record(PFN)) != 0
        || floors.count(PFN + 700) != 1024
        || pgmap.refCount() != 1) {
      Thread.yield();
    }
    Crew.settle();
    assertThat(gone).isFalse();
    assertThat(floors.pages.recordOrZero(PFN + 700)).isNotZero();
    floors.put.put(PFN + 700, 1023);
    Crew.settle();
    assertThat(gone).isFalse();
    floors.put.put(PFN + 700, 1);
    crew.join();
    assertThat(ops.calls).filteredOn(call -> call.contains("free")).isEmpty();
    floors.assertNothingLeft();
    floors.assertNoWarnings();
  }

  @ParameterizedTest
  @EnumSource(
      value = Kernels.class,
      names = {"V6_1", "V7_2"})
  void from518TeardownDoesNotWaitAndTheLatePutIsAnOops(Kernels kernel) {
    DevPagemap pgmap = online(kernel, 9);
    floors.hold(PFN + 700, 16);
    floors.sync.runAs("ndctl", 7, () -> floors.pagemaps.memunmap(pgmap));
    floors.assertNothingLeft();
    floors.assertNoWarnings();
    floors.sync.runAs("holder", 104, () -> assertLatePutIsReported(pgmap));
    assertThat(ops.calls).isEmpty();
  }

  private void assertLatePutIsReported(DevPagemap pgmap) {
    assertThatThrownBy(() -> floors.put.put(PFN + 700, 16))
        .isInstanceOfSatisfying(NoStructPage.class, e -> assertThat(e.wasRemoved()).isTrue());
    assertThat(floors.log.entries()).hasSize(1);
    KernelLog.Entry entry = floors.log.entries().getFirst();
    assertThat(entry.level()).isEqualTo(KernelLog.Level.BUG);
    assertThat(entry.text())
        .contains("put by holder[104]")
        .contains("pfn 0x%x".formatted(PFN + 700))
        .contains("it belonged to pgmap %d (dax0.0)".formatted(pgmap.index()))
        .containsPattern("removed at \\[\\d+\\.\\d{6}] by ndctl\\[7]");
  }

  @Test
  void aPutWhereNeverWasAPageIsAnErrorButNoOops() {
    assertThatThrownBy(() -> floors.put.put(PFN, 1))
        .isInstanceOfSatisfying(NoStructPage.class, e -> assertThat(e.wasRemoved()).isFalse());
    assertThatThrownBy(() -> floors.put.put(-1, 1)).isInstanceOf(NoStructPage.class);
    floors.assertNoWarnings();
  }

  @ParameterizedTest
  @EnumSource(Kernels.class)
  void aPgmapIsTakenOfflineOnce(Kernels kernel) {
    DevPagemap pgmap = online(kernel, 0);
    floors.pagemaps.memunmap(pgmap);
    assertThat(pgmap.state()).isEqualTo(DevPagemap.State.DEAD);
    assertThatThrownBy(() -> floors.pagemaps.memunmap(pgmap))
        .isInstanceOfSatisfying(
            MmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL))
        .hasMessageContaining("DEAD");
    floors.assertNoWarnings();
  }

  @Test
  void ofTwoThreadsThatTakeAPgmapOfflineOneDoes() throws Exception {
    for (int round = 0; round < 100; round++) {
      DevPagemap pgmap = floors.online(Floors.DEVICE, 2 * MIB, 9);
      AtomicInteger refused = new AtomicInteger();
      new Crew()
          .add(
              2,
              () -> {
                try {
                  floors.pagemaps.memunmap(pgmap);
                } catch (MmException e) {
                  refused.incrementAndGet();
                }
              })
          .runAll();
      assertThat(refused).hasValue(1);
    }
    floors.assertNothingLeft();
    floors.assertNoWarnings();
  }

  @ParameterizedTest
  @EnumSource(Kernels.class)
  void theSameMemoryComesOnlineAgain(Kernels kernel) {
    PhysRange range = PhysRange.ofLength(Floors.DEVICE, 64 * MIB);
    PagemapSpec inDevice = Floors.spec(MemoryType.GENERIC, 9, Floors.altmap(range, 2 * MIB), range);
    DevPagemap first = online(kernel, inDevice);
    floors.pagemaps.memunmap(first);
    for (int shift : new int[] {9, 0, 9}) {
      DevPagemap next = floors.online(range.start(), range.bytes(), shift);
      assertThat(next.index()).isNotEqualTo(first.index());
      floors.assertInvariants();
      floors.pagemaps.memunmap(next);
    }
    floors.assertNothingLeft();
    floors.assertNoWarnings();
  }

  /** B05: the struct pages of the info block are never made, so nothing may read them. */
  @ParameterizedTest
  @EnumSource(Kernels.class)
  void structPagesThatAreNeverInitialisedAreNeverUsed(Kernels kernel) {
    PhysRange range = PhysRange.ofLength(Floors.DEVICE, 64 * MIB);
    DevPagemap pgmap =
        online(kernel, Floors.spec(MemoryType.GENERIC, 9, Floors.altmap(range, 2 * MIB), range));
    for (long pfn = PFN; pfn < PFN + 2; pfn++) {
      long rec = floors.pages.record(pfn);
      floors.pages.init(rec, -1L, -1L);
      floors.pages.clearFlag(rec, PageFlag.LOCKED);
    }
    floors.assertInvariants();
    floors.pagemaps.memunmap(pgmap);
    assertThat(refs.sequences().of(PFN)).isEmpty();
    assertThat(refs.sequences().of(PFN + 1)).isEmpty();
    floors.assertNothingLeft();
    floors.assertNoWarnings();
  }

  /** B08: no struct page outside its place, none left, and no data page before the offset. */
  @ParameterizedTest
  @EnumSource(Kernels.class)
  void theAltmapIsEmptyInTheEnd(Kernels kernel) {
    floors.close();
    floors = new Floors(kernel.policies());
    PhysRange range = PhysRange.ofLength(Floors.DEVICE, Floors.GIB);
    PagemapSpec spec = Floors.spec(MemoryType.GENERIC, 9, Floors.altmap(range, 18 * MIB), range);
    DevPagemap pgmap = floors.pagemaps.memremap(spec, ops);
    assertThat(pgmap.altmap().allocPages()).isEqualTo(4096);
    assertThat(pgmap.altmap().alignPages()).isEqualTo(510);
    assertThat(pgmap.pfnFirst(0)).isEqualTo(PFN + 4608);
    long host = floors.memory.hostAddress(Floors.DEVICE);
    for (long pfn = PFN; pfn < range.endPfn(); pfn++) {
      long offset = floors.pages.record(pfn) - host;
      if (offset < 512 * 4096 || offset >= 4608 * 4096) {
        throw new AssertionError("struct page of 0x%x at offset 0x%x".formatted(pfn, offset));
      }
    }
    floors.pagemaps.memunmap(pgmap);
    assertThat(pgmap.altmap().allocPages()).isZero();
    floors.assertNoWarnings();
  }

  /** B48: a put too many is reported where it happens, and the pgmap's count stays right. */
  @ParameterizedTest
  @EnumSource(Kernels.class)
  void aPutWithoutAGetIsReportedAtThePut(Kernels kernel) {
    DevPagemap pgmap = online(kernel, 9);
    assertThatThrownBy(() -> floors.put.put(PFN, 1)).isInstanceOf(RefUnderflow.class);
    floors.hold(PFN, 1);
    assertThatThrownBy(() -> floors.put.put(PFN, 2)).isInstanceOf(RefUnderflow.class);
    floors.put.put(PFN, 1);
    assertThatThrownBy(() -> floors.put.put(PFN, 1024)).isInstanceOf(RefUnderflow.class);
    floors.assertInvariants();
    floors.pagemaps.memunmap(pgmap);
    floors.assertNothingLeft();
    floors.assertNoWarnings();
  }

  /** B50: teardown goes from head to head, and never puts a tail. */
  @ParameterizedTest
  @EnumSource(value = Kernels.class, mode = Mode.EXCLUDE, names = "V5_10")
  void teardownNeverTouchesATail(Kernels kernel) {
    DevPagemap pgmap = online(kernel, Floors.spec(Floors.DEVICE, 64 * MIB, 10));
    assertThat(pgmap.refCount()).isEqualTo(1 + 16);
    floors.pagemaps.memunmap(pgmap);
    assertThat(refs.sequences().groups())
        .isEqualTo(
            kernel == Kernels.V5_17
                ? List.of("pfns=16 first=0x100000 last=0x103c00 :: mod_and_test(-1)->0 ret=1")
                : List.of());
    floors.assertNothingLeft();
    floors.assertNoWarnings();
  }

  @ParameterizedTest
  @EnumSource(Kernels.class)
  void unmappingAndAGracePeriodKeepTransientReferencesFromTeardown(Kernels kernel)
      throws Exception {
    long seed = Crew.seed("PagemapTeardownTest.transientReferences " + kernel);
    for (int round = 0; round < 40; round++) {
      DevPagemap pgmap = online(kernel, 9);
      AtomicBoolean mapped = new AtomicBoolean(true);
      long base = seed + round;
      new Crew()
          .add(2, () -> TransientHolder.run(floors, mapped, PFN, 1024, base))
          .add(() -> {
            mapped.set(false);
            floors.sync.rcu().synchronize();
            floors.pagemaps.memunmap(pgmap);
          })
          .runAll();
      floors.assertNothingLeft();
      floors.assertNoWarnings();
    }
  }

  /** Users that hold pages through all of teardown; each final put gives one reference back. */
  @ParameterizedTest
  @EnumSource(
      value = Kernels.class,
      names = {"V5_10", "V5_17"})
  void pagesThatAreLetGoDuringTeardownAreEachFreedOnce(Kernels kernel) throws Exception {
    long seed = Crew.seed("PagemapTeardownTest.pagesThatAreLetGo " + kernel);
    for (int round = 0; round < 40; round++) {
      DevPagemap pgmap = online(kernel, round % 2 * 9);
      Crew crew = new Crew().add(() -> floors.pagemaps.memunmap(pgmap));
      for (int thread = 0; thread < 2; thread++) {
        Random random = new Random(seed + 2 * round + thread);
        long[] held = random.longs(50, PFN, PFN + 1024).toArray();
        for (long pfn : held) {
          floors.hold(pfn, 3);
        }
        crew.add(() -> {
          for (long pfn : held) {
            floors.put.put(pfn, 1);
            floors.put.put(pfn, 2);
          }
        });
      }
      crew.runAll();
      floors.assertNothingLeft();
      floors.assertNoWarnings();
    }
  }
}
