package dev.pgmap.core.machine;

import static dev.pgmap.core.testing.Failures.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.core.failure.FailurePolicies.Rule;
import dev.pgmap.core.gup.LeafWalk;
import dev.pgmap.core.gup.LongtermRule;
import dev.pgmap.core.mm.MappingPolicy;
import dev.pgmap.core.pgmap.FreeCallback;
import dev.pgmap.core.pgmap.KillStyle;
import dev.pgmap.core.pgmap.PagemapHold;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.vmemmap.VmemmapShape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The answers of each era, as they were read from the kernel of that name. */
class EraTest {
  private static final List<Era> OLD = List.of(Era.V5_4, Era.V5_10, Era.V5_17);
  private static final List<Era> WITHOUT_COMPOUND = List.of(Era.V5_4, Era.V5_10);
  private static final List<Era> DEVMAP =
      List.of(Era.V5_4, Era.V5_10, Era.V5_17, Era.V5_18, Era.V6_1, Era.V6_12);

  @Test
  void erasAreFoundByNameOldestFirst() {
    assertThat(Era.all())
        .extracting(Era::name)
        .containsExactly(
            "5.4", "5.10", "5.17", "5.18", "6.1", "6.12", "6.15", "6.17", "7.0", "7.2");
    assertThat(Era.all()).allSatisfy(era -> assertThat(Era.named(era.name())).isSameAs(era));
    assertThat(Era.all()).extracting(Era::summary).doesNotHaveDuplicates().doesNotContain("");
  }

  @Test
  void anUnknownEraIsRefusedWithTheNames() {
    for (String name : List.of("", "6", "5.1", "6.1.192", "latest")) {
      assertThat(assertErrno(Errno.EINVAL, () -> Era.named(name)))
          .hasMessageContaining("era: '" + name + "'")
          .hasMessageContaining("one of 5.4, 5.10, 5.17, 5.18, 6.1, 6.12, 6.15, 6.17, 7.0, 7.2");
    }
  }

  @Test
  void genericPagesAreOneBasedInAllOfThem() {
    assertThat(Era.all())
        .allMatch(era -> era.pagemap().scheme().hasBase(MemoryType.GENERIC))
        .allMatch(era ->
            era.pagemap().scheme().hasBase(MemoryType.PRIVATE)
                == (OLD.contains(era) || era.equals(Era.V5_18)))
        .allMatch(era -> era.pagemap().scheme().hasBase(MemoryType.FS_DAX) == DEVMAP.contains(era));
  }

  @Test
  void pagesHoldThePagemapUntil517AndAllocatedOnesFrom61On() {
    assertThat(Era.all())
        .extracting(era -> era.pagemap().hold())
        .containsExactly(
            PagemapHold.EACH_BASE_REFERENCE,
            PagemapHold.EACH_BASE_REFERENCE,
            PagemapHold.EACH_BASE_REFERENCE,
            PagemapHold.BULK,
            PagemapHold.BULK_OR_ALLOCATION,
            PagemapHold.BULK_OR_ALLOCATION,
            PagemapHold.BULK_OR_ALLOCATION,
            PagemapHold.BULK_OR_ALLOCATION,
            PagemapHold.BULK_OR_ALLOCATION,
            PagemapHold.BULK_OR_ALLOCATION);
  }

  @Test
  void driversKillTheReferenceUpTo515() {
    assertThat(Era.all())
        .allMatch(era -> (era.pagemap().kill() == KillStyle.OPS) == WITHOUT_COMPOUND.contains(era));
  }

  @Test
  void compoundsComeWith517AndSharedTailsAfter518() {
    assertThat(Era.all())
        .allMatch(era -> era.pagemap().compound() != WITHOUT_COMPOUND.contains(era))
        .allMatch(era ->
            (era.pagemap().shape() == VmemmapShape.FULL)
                == (OLD.contains(era) || era.equals(Era.V5_18)));
  }

  @Test
  void coherentMemoryComesWith61() {
    assertThat(Era.all())
        .allMatch(era ->
            era.pagemap().types().contains(MemoryType.COHERENT)
                != (OLD.contains(era) || era.equals(Era.V5_18)));
  }

  @Test
  void devmapEntriesAreGoneIn615AndTheirLookupIn617() {
    assertThat(Era.all())
        .allMatch(
            era -> era.gup().looksUpPagemap() == (DEVMAP.contains(era) || era.equals(Era.V6_15)))
        .allMatch(era -> era.mapping().holdsReference() != DEVMAP.contains(era))
        .allMatch(era -> era.mapping().setsMappingFirst() != WITHOUT_COMPOUND.contains(era));
    assertThat(Era.all())
        .filteredOn(era -> era.pagemap().freeCallback() == FreeCallback.FOLIO_FREE)
        .containsExactly(Era.V7_0, Era.V7_2);
    assertThat(Era.V7_2.mapping()).isEqualTo(MappingPolicy.NORMAL_PAGES);
  }

  @Test
  void foliosChangeTheirOrderIn615ForFilesAndIn70ForMemoryThatDevicesOwn() {
    assertThat(Era.V6_12.pagemap().resizable()).isEmpty();
    assertThat(Era.V6_15.pagemap().resizable()).containsExactly(MemoryType.FS_DAX);
    assertThat(Era.V6_17.pagemap().resizable()).containsExactly(MemoryType.FS_DAX);
    assertThat(Era.V7_0.pagemap().resizable())
        .containsExactlyInAnyOrder(MemoryType.FS_DAX, MemoryType.PRIVATE, MemoryType.COHERENT);
  }

  @Test
  void gupTakesLeavesInStepsThatGrowWithTheKernels() {
    assertThat(Era.all())
        .allMatch(era ->
            (era.gup().leafWalk() == LeafWalk.PER_PAGE_ADD)
                == (DEVMAP.contains(era) && !era.equals(Era.V6_12)))
        .allMatch(era -> (era.gup().leafWalk() == LeafWalk.WHOLE_LEAF) != DEVMAP.contains(era))
        .allMatch(era -> (era.gup().slowBatchLevel() == Geometry.PMD) != DEVMAP.contains(era))
        .allMatch(
            era -> era.gup().putsPinInTwoSteps() == List.of(Era.V5_10, Era.V5_17).contains(era))
        .allMatch(era -> era.gup().countsPins() != era.equals(Era.V5_4));
    assertThat(Era.V6_12.gup().slowBatchLevel()).isEqualTo(Geometry.PUD);
  }

  @Test
  void longtermPinsOfFilesAreRefusedEarlierInLaterKernels() {
    assertThat(Era.all())
        .allMatch(era ->
            (era.gup().longterm() == LongtermRule.VMA_AFTER_PINNING)
                == WITHOUT_COMPOUND.contains(era))
        .allMatch(era -> (era.gup().longterm() == LongtermRule.FOLIO_TYPE) != DEVMAP.contains(era));
  }

  @Test
  void failuresAreHandledBetterByLaterKernels() {
    assertThat(Era.V5_10.failure().rules()).containsExactly(Rule.MIXED_SECTIONS_ARE_ONLINE);
    assertThat(Era.V5_18.failure().rules()).containsExactly(Rule.TELLS_EARLY_TASKS);
    assertThat(Era.V6_1.failure().rules())
        .containsExactlyInAnyOrder(
            Rule.TELLS_EARLY_TASKS,
            Rule.ASKS_DRIVER,
            Rule.KNOWS_DEVICE_OWNED,
            Rule.UNPOISONS_ONLINE_PAGES_ONLY);
    assertThat(Era.all())
        .filteredOn(era -> era.failure().rules().contains(Rule.PUTS_WITHOUT_PAGEMAP))
        .containsExactly(Era.V6_12, Era.V6_15, Era.V6_17, Era.V7_0, Era.V7_2);
    assertThat(Era.all())
        .extracting(era -> era.failure().daxPageNumber())
        .containsExactly(20, 20, 20, 18, 17, 17, 17, 17, 17, 17);
  }

  @Test
  void gupTestGrowsWithTheKernels() {
    assertThat(Era.V5_10.gupTest())
        .isEqualTo(new GupTestTraits(GupTestTraits.Output.BARE, false, false, 0x10000));
    assertThat(Era.V6_1.gupTest().dumpTest()).isTrue();
    assertThat(Era.V6_1.gupTest().pinLongtermTest()).isFalse();
    assertThat(Era.V6_12.gupTest()).isEqualTo(Era.V7_2.gupTest());
    assertThat(Era.V7_2.gupTest().output()).isEqualTo(GupTestTraits.Output.TAP);
  }
}
