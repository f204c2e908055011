package dev.pgmap.core.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.devmem.MigratePfn;
import dev.pgmap.api.devmem.MigrateRequest;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.mm.Rmap;
import dev.pgmap.core.mm.Vma;
import dev.pgmap.core.page.RecordingPageRefs;
import dev.pgmap.core.page.RefSequences;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.pgtable.SwapEntry;
import dev.pgmap.core.testing.DevmemLab;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The worked timeline of one page that migrates to a device and is faulted back by a CPU. */
class MigrationTimelineTest {
  private static final String DEVICE_PAGE =
      "set(+1)->1 ; mod(+1)->2 ; mod_and_test(-1)->1 ret=0 ; mod(+1)x2->3"
          + " ; mod_and_test(-1)x2->1 ret=0 ; mod_and_test(-1)->0 ret=1";
  private static final String SYSTEM_PAGE =
      "mod(+1)->2 ; mod_and_test(-1)->1 ret=0 ; mod(+1)->2 ; mod_and_test(-1)->1 ret=0"
          + " ; mod_and_test(-1)->0 ret=1";

  private static final String NEW_SYSTEM_PAGE =
      "set(+1)->1 ; mod(+1)->2 ; mod_and_test(-1)->1 ret=0";

  private final RecordingPageRefs refs = new RecordingPageRefs();
  private final RefSequences sequences = refs.sequences();

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "6.12", "6.15", "6.17", "7.0", "7.2"})
  void oneBasePageGoesToTheDeviceAndComesBack(String era) {
    try (DevmemLab lab = new DevmemLab(era, refs)) {
      // idle: the source is mapped once
      long at = lab.mapFilled(1);
      long src = Pte.pfn(lab.entry(at));
      long idleRefs = pagemapRefs(lab);
      assertThat(count(lab, src)).isEqualTo(1);
      sequences.clear();

      // zone_device_page_init: one reference, locked, and one of the pgmap
      long dst = lab.memory(0).alloc(0);
      assertThat(count(lab, dst)).isEqualTo(1);
      assertThat(context(lab).locks().isLocked(dst)).isTrue();
      assertThat(pagemapRefs(lab)).isEqualTo(idleRefs + 1);

      toDevice(lab, at, src, dst);
      assertThat(pagemapRefs(lab)).isEqualTo(idleRefs + 1);

      faultBack(lab, at, dst);
      assertThat(pagemapRefs(lab)).isEqualTo(idleRefs);
      assertThat(lab.machine.structPages().mapping(lab.machine.structPages().record(dst))).isZero();
      assertThat(sequences.of(dst)).isEqualTo(DEVICE_PAGE);
      // the frame that the source gave up serves the page that came back
      assertThat(Pte.pfn(lab.entry(at))).isEqualTo(src);
      assertThat(sequences.of(src)).isEqualTo(SYSTEM_PAGE + " ; " + NEW_SYSTEM_PAGE);
    }
  }

  private void toDevice(DevmemLab lab, long at, long src, long dst) {
    lab.mm().mmapLock().lockRead();
    Vma vma = Objects.requireNonNull(lab.mm().findVma(at));
    MigrateVma migration =
        MigrateVma.setup(
            context(lab),
            new MigrateRequest(
                vma,
                at,
                at + DevmemLab.PAGE,
                MigrateRequest.SYSTEM,
                "device0",
                MigrateRequest.NO_FAULT_PAGE));

    // collected, isolated, unmapped: a migration entry, and the reference of the isolation
    assertThat(migration.cpages()).isEqualTo(1);
    assertThat(SwapEntry.isMigration(lab.entry(at))).isTrue();
    assertThat(count(lab, src)).isEqualTo(1);
    assertThat(Rmap.mapcount(lab.machine.structPages(), src)).isZero();

    // the mapping moves: no count changes
    migration.dst()[0] = MigratePfn.of(dst) | MigratePfn.WRITE;
    migration.pages();
    assertThat(MigratePfn.isMigrating(migration.src()[0])).isTrue();
    assertThat(count(lab, src)).isEqualTo(1);
    assertThat(count(lab, dst)).isEqualTo(1);

    // finished: a device entry holds the destination, the source is free
    long freeBefore = lab.machine.ram().freePages();
    migration.finish();
    lab.mm().mmapLock().unlockRead();
    assertThat(SwapEntry.kind(lab.entry(at))).isEqualTo(SwapEntry.Kind.DEVICE_WRITE);
    assertThat(count(lab, dst)).isEqualTo(1);
    assertThat(Rmap.mapcount(lab.machine.structPages(), dst)).isEqualTo(1);
    assertThat(context(lab).locks().isLocked(dst)).isFalse();
    assertThat(lab.machine.ram().freePages()).isEqualTo(freeBefore + 1);
  }

  private static void faultBack(DevmemLab lab, long at, long dst) {
    List<Integer> counts = new ArrayList<>();
    lab.driver.onFault =
        step -> {
          counts.add(count(lab, dst));
        };
    lab.mm().load(at);
    // the handler's reference; collected; the new page mapped and the collector's put
    assertThat(counts).containsExactly(2, 2, 1);
    assertThat(count(lab, dst)).isZero();
    assertThat(Pte.isPresent(lab.entry(at))).isTrue();
    assertThat(count(lab, Pte.pfn(lab.entry(at)))).isEqualTo(1);
  }

  private static MmContext context(DevmemLab lab) {
    return lab.machine.mmContext();
  }

  private static int count(DevmemLab lab, long pfn) {
    return lab.machine.pageRefs().count(lab.machine.structPages().record(pfn));
  }

  private static long pagemapRefs(DevmemLab lab) {
    return lab.machine.pagemaps().all().getFirst().refCount();
  }
}
