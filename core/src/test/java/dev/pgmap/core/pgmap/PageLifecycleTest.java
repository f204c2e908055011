package dev.pgmap.core.pgmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.RamFault;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.Invariants;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.machine.PolicyChoice;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.RecordingPageRefs;
import dev.pgmap.core.phys.Resource;
import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.EachEra;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The life of a page of each memory type: its counts, who is told, who is woken, who waits. */
class PageLifecycleTest {
  private static final long MIB = 1L << 20;
  private static final long DEVICE = 16L << 30;
  private static final long PFN = DEVICE >>> 12;

  private final RecordingPageRefs refs = new RecordingPageRefs();
  private final Ops ops = new Ops();
  private Machine machine = boot("7.2");

  private static final class Ops extends RecordingOps {
    @Override
    public int migrateToRam(RamFault fault) {
      return 0;
    }
  }

  private Machine boot(String era) {
    return boot(Era.named(era));
  }

  private Machine boot(Era era) {
    return Machine.boot(
        new MachineSpec(
            2,
            MachineSpec.ramOf(256 * MIB),
            List.of(),
            List.of(new MachineSpec.SoftReserved(PhysRange.ofLength(DEVICE, 64 * MIB), 2 * MIB)),
            4,
            era),
        refs);
  }

  private DevPagemap online(String era, MemoryType type) {
    return online(Era.named(era), type);
  }

  private DevPagemap online(Era era, MemoryType type) {
    machine.close();
    machine = boot(era);
    PhysRange range = PhysRange.ofLength(DEVICE, 4 * MIB);
    if (type == MemoryType.PRIVATE) {
      Resource claimed = machine.pagemaps().requestFreeRegion("gpu", 4 * MIB);
      range = PhysRange.ofLength(claimed.range().start(), 4 * MIB);
    }
    return machine
        .pagemaps()
        .memremap(new PagemapSpec("dev0", type, List.of(range), 0, null, "owner"), ops);
  }

  private void assertInvariants() {
    assertThat(Invariants.check(machine)).isEmpty();
  }

  private int count(long pfn) {
    return machine.pageRefs().count(machine.structPages().record(pfn));
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @ParameterizedTest
  @CsvSource({
    "5.4, 1 1 1 1", "5.10, 1 1 1 1", "5.17, 1 1 1 1", "5.18, 1 1 1 1", "6.1, 0 1 1 1",
    "6.12, 0 1 1 1", "6.15, 0 0 1 0", "6.17, 0 0 1 0", "7.0, 0 0 1 0", "7.2, 0 0 1 0"
  })
  void freePagesShowTheCountOfTheirEra(String era, String counts) {
    List<MemoryType> types =
        List.of(MemoryType.PRIVATE, MemoryType.FS_DAX, MemoryType.GENERIC, MemoryType.PCI_P2PDMA);
    String[] expected = counts.split(" ");
    for (int i = 0; i < types.size(); i++) {
      DevPagemap pgmap = online(era, types.get(i));
      assertThat(count(pgmap.pfnFirst(0) + 5))
          .as("%s", types.get(i))
          .isEqualTo(Integer.parseInt(expected[i]));
      assertInvariants();
      machine.pagemaps().memunmap(pgmap);
      assertThat(machine.pagemaps().all()).isEmpty();
      assertThat(machine.pagemaps().managedKey().users()).isZero();
    }
  }

  @EachEra
  void aPrivatePageIsHandedOutLockedAndToldWhenItsLastUserLetsGo(String era) {
    DevPagemap pgmap = online(era, MemoryType.PRIVATE);
    PagemapPolicies policies = Era.named(era).pagemap();
    boolean managed = policies.scheme().isManaged(MemoryType.PRIVATE);
    boolean perAllocation = policies.hold().refsOfFolio(MemoryType.PRIVATE, 0) > 0;
    long pfn = pgmap.pfnEnd(0) - 1;
    long before = pgmap.refCount();
    refs.sequences().clear();

    machine.devicePages().init(pgmap, pfn, 0);

    long rec = machine.structPages().record(pfn);
    assertThat(machine.structPages().testFlag(rec, PageFlag.LOCKED)).isTrue();
    assertThat(count(pfn)).isEqualTo(managed ? 2 : 1);
    assertThat(pgmap.refCount()).isEqualTo(perAllocation ? before + 1 : before);
    assertInvariants();
    machine.pageLocks().unlock(pfn);
    machine.structPages().setMapping(rec, 77);

    machine.pagePut().put(pfn, 1);

    assertThat(machine.structPages().mapping(rec)).isZero();
    boolean folio = policies.freeCallback() == FreeCallback.FOLIO_FREE;
    assertThat(ops.calls)
        .containsExactly(
            folio ? "folio_free 0x%x order 0".formatted(pfn) : "page_free 0x%x".formatted(pfn));
    String handedOut = "mod_and_test(-1)->0 ret=1 ; set(+1)->1";
    String fromZero = "set(+1)->1 ; mod_and_test(-1)->0 ret=1";
    assertThat(refs.sequences().of(pfn))
        .isEqualTo(
            managed
                ? "mod(+1)->2 ; mod_and_return(-1)->1 ret=1"
                : perAllocation ? fromZero : handedOut);
    assertThat(pgmap.refCount()).isEqualTo(before);
    assertInvariants();
  }

  @EachEra
  void teardownOfPrivateMemoryWaitsForAllocatedPagesExceptIn518(String era) throws Exception {
    DevPagemap pgmap = online(era, MemoryType.PRIVATE);
    if (Era.named(era).pagemap().hold() == PagemapHold.BULK) {
      machine.devicePages().init(pgmap, pgmap.pfnFirst(0), 0);
      machine.pagemaps().memunmap(pgmap);
      assertThat(machine.pagemaps().all()).isEmpty();
      return;
    }
    long pfn = pgmap.pfnFirst(0);
    machine.devicePages().init(pgmap, pfn, 0);
    AtomicBoolean put = new AtomicBoolean();
    Crew crew =
        new Crew()
            .add(() -> {
              machine.pagemaps().memunmap(pgmap);
              assertThat(put).isTrue();
            });
    crew.add(() -> {
      while (pgmap.state() != DevPagemap.State.DYING) {
        Thread.onSpinWait();
      }
      Crew.settle();
      put.set(true);
      machine.pagePut().put(pfn, 1);
    });
    crew.runAll();
    assertThat(machine.pagemaps().all()).isEmpty();
  }

  @EachEra
  void aPageOfFsDaxWakesWhoWaitsForItToBeIdle(String era) throws Exception {
    DevPagemap pgmap = online(era, MemoryType.FS_DAX);
    boolean oneBased = Era.named(era).pagemap().scheme().hasBase(MemoryType.FS_DAX);
    int idle = oneBased ? 1 : 0;
    long rec = machine.structPages().record(PFN);
    refs.sequences().clear();
    refs.mod(PFN, rec, 1);
    new Crew()
        .add(() -> machine.sync().varWaits().await(PFN, () -> refs.count(rec) == idle))
        .add(() -> {
          Crew.settle();
          machine.pagePut().put(PFN, 1);
        })
        .runAll();
    assertThat(refs.sequences().of(PFN))
        .isEqualTo(
            oneBased
                ? "mod(+1)->2 ; mod_and_return(-1)->1 ret=1"
                : "mod(+1)->1 ; mod_and_test(-1)->0 ret=1");
    boolean told = Era.named(era).pagemap().scheme().isTold(MemoryType.FS_DAX);
    assertThat(ops.calls).hasSize(told ? 1 : 0);
    assertInvariants();
    machine.pagemaps().memunmap(pgmap);
  }

  @EachEra
  void foliosOfPrivateMemoryGrowOnlyWhereTheKernelCanMakeThem(String era) {
    DevPagemap pgmap = online(era, MemoryType.PRIVATE);
    long pfn = pgmap.pfnFirst(0) + 512;
    if (!machine.devicePages().isResizable(MemoryType.PRIVATE)) {
      assertThatThrownBy(() -> machine.devicePages().init(pgmap, pfn, 9))
          .isInstanceOf(MmException.class)
          .hasMessageContaining("order 9");
      boolean oneBased = Era.named(era).pagemap().scheme().hasBase(MemoryType.PRIVATE);
      assertThat(count(pfn)).isEqualTo(oneBased ? 1 : 0);
      return;
    }
    long before = pgmap.refCount();
    machine.devicePages().init(pgmap, pfn, 9);
    assertThat(machine.structPages().order(pfn)).isEqualTo(9);
    assertThat(machine.structPages().headPfn(pfn + 300)).isEqualTo(pfn);
    assertThat(pgmap.refCount()).isEqualTo(before + 512);
    assertInvariants();
    machine.pageLocks().unlock(pfn);
    machine.pagePut().put(pfn + 17, 1);
    assertThat(ops.calls).containsExactly("folio_free 0x%x order 9".formatted(pfn));
    assertThat(pgmap.refCount()).isEqualTo(before);

    machine.devicePages().init(pgmap, pfn + 17, 0);
    assertThat(machine.structPages().headPfn(pfn + 17)).isEqualTo(pfn + 17);
    machine.pagePut().put(pfn + 17, 1);
  }

  @ParameterizedTest(name = "{0} hold={1} {2}")
  @CsvSource({
    "5.10, transitions, PRIVATE", "5.10, sweep, PRIVATE", "5.10, transitions, FS_DAX",
    "5.10, sweep, FS_DAX", "5.18, transitions, PRIVATE", "5.18, sweep, PRIVATE",
    "6.1, transitions, COHERENT", "6.1, sweep, COHERENT", "6.1, transitions, FS_DAX",
    "6.1, sweep, FS_DAX", "7.2, transitions, PRIVATE", "7.2, sweep, PRIVATE",
    "7.2, transitions, FS_DAX", "7.2, sweep, FS_DAX"
  })
  void underTheSchemesThatWaitNoTypeGoesAwayWhileAPageIsInUse(
      String era, String hold, MemoryType type) throws Exception {
    Era chosen = PolicyChoice.apply(Era.named(era), Map.of("hold", hold));
    DevPagemap pgmap = online(chosen, type);
    long pfn = pgmap.pfnFirst(0) + 9;
    if (type == MemoryType.FS_DAX) {
      refs.mod(pfn, machine.structPages().record(pfn), 1);
    } else {
      machine.devicePages().init(pgmap, pfn, 0);
      machine.pageLocks().unlock(pfn);
    }
    assertInvariants();
    AtomicBoolean put = new AtomicBoolean();
    Crew crew =
        new Crew()
            .add(() -> {
              machine.pagemaps().memunmap(pgmap);
              assertThat(put).as("teardown waited").isTrue();
            })
            .start();
    while (pgmap.state() == DevPagemap.State.LIVE && !crew.hasFailed()) {
      Thread.onSpinWait();
    }
    Crew.settle();
    assertThat(crew.hasFailed()).isFalse();
    put.set(true);
    machine.pagePut().put(pfn, 1);
    crew.join();
    assertThat(machine.pagemaps().all()).isEmpty();
    boolean told = chosen.pagemap().scheme().isTold(type);
    assertThat(ops.calls.stream().filter(call -> call.contains("free")).count())
        .as("calls of the free op")
        .isEqualTo(told ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource({"5.4", "5.10", "5.17", "5.18"})
  void coherentMemoryIsUnknownToKernelsBeforeIt(String era) {
    assertThatThrownBy(() -> online(era, MemoryType.COHERENT))
        .isInstanceOf(MmException.class)
        .hasMessageContaining("EINVAL");
    assertThat(machine.pagemaps().all()).isEmpty();
    assertThat(machine.log().entries().getLast().text()).startsWith("Invalid pgmap type");
  }
}
