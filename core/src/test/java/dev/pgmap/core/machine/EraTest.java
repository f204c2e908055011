package dev.pgmap.core.machine;

import static dev.pgmap.core.testing.Failures.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.core.failure.FailurePolicies.Rule;
import dev.pgmap.core.gup.LeafWalk;
import dev.pgmap.core.mm.MappingPolicy;
import dev.pgmap.core.pgmap.FreeCallback;
import dev.pgmap.core.pgmap.KillStyle;
import dev.pgmap.core.pgmap.PagemapHold;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.vmemmap.VmemmapShape;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The answers of each era, as they were read from the kernel of that name. */
class EraTest {
  private static final List<Era> OLD = List.of(Era.V5_10, Era.V5_17);
  private static final List<Era> DEVMAP = List.of(Era.V5_10, Era.V5_17, Era.V6_1, Era.V6_12);

  @Test
  void erasAreFoundByNameOldestFirst() {
    assertThat(Era.all())
        .extracting(Era::name)
        .containsExactly("5.10", "5.17", "6.1", "6.12", "7.2");
    assertThat(Era.all()).allSatisfy(era -> assertThat(Era.named(era.name())).isSameAs(era));
    assertThat(Era.all()).extracting(Era::summary).doesNotHaveDuplicates().doesNotContain("");
  }

  @Test
  void anUnknownEraIsRefusedWithTheNames() {
    for (String name : List.of("", "6", "5.1", "6.1.192", "latest")) {
      assertThat(assertErrno(Errno.EINVAL, () -> Era.named(name)))
          .hasMessageContaining("era: '" + name + "'")
          .hasMessageContaining("one of 5.10, 5.17, 6.1, 6.12, 7.2");
    }
  }

  @Test
  void genericPagesAreOneBasedInAllOfThem() {
    assertThat(Era.all())
        .allMatch(era -> era.pagemap().scheme().hasBase(MemoryType.GENERIC))
        .allMatch(era -> era.pagemap().scheme().hasBase(MemoryType.PRIVATE) == OLD.contains(era))
        .allMatch(
            era -> era.pagemap().scheme().hasBase(MemoryType.FS_DAX) != (era.equals(Era.V7_2)));
  }

  @Test
  void pagesHoldThePagemapUntil517() {
    assertThat(Era.all())
        .allMatch(era ->
            era.pagemap().hold()
                == (OLD.contains(era)
                    ? PagemapHold.EACH_BASE_REFERENCE
                    : PagemapHold.BULK_OR_ALLOCATION));
  }

  @Test
  void driversKillTheReferenceIn510Only() {
    assertThat(Era.all())
        .allMatch(era -> (era.pagemap().kill() == KillStyle.OPS) == (era.equals(Era.V5_10)));
  }

  @Test
  void compoundsComeWith517AndSharedTailsWith61() {
    assertThat(Era.all())
        .allMatch(era -> era.pagemap().compound() == (!era.equals(Era.V5_10)))
        .allMatch(era -> (era.pagemap().shape() == VmemmapShape.FULL) == OLD.contains(era));
  }

  @Test
  void devmapEntriesAreGoneIn72() {
    assertThat(Era.all())
        .allMatch(era -> era.gup().devmapTest() == DEVMAP.contains(era))
        .allMatch(era -> era.mapping().holdsReference() != DEVMAP.contains(era))
        .allMatch(era -> era.mapping().setsMappingFirst() == (!era.equals(Era.V5_10)))
        .allMatch(era ->
            (era.pagemap().freeCallback() == FreeCallback.PAGE_FREE) == DEVMAP.contains(era));
    assertThat(Era.V7_2.mapping()).isEqualTo(MappingPolicy.NORMAL_PAGES);
  }

  @Test
  void gupTakesLeavesInStepsThatGrowWithTheKernels() {
    assertThat(Era.all())
        .extracting(era -> era.gup().leafWalk())
        .containsExactly(
            LeafWalk.PER_PAGE_ADD,
            LeafWalk.PER_PAGE_ADD,
            LeafWalk.PER_PAGE_ADD,
            LeafWalk.PER_PAGE_TRY,
            LeafWalk.WHOLE_LEAF);
    assertThat(Era.all())
        .extracting(era -> era.gup().slowBatchLevel())
        .containsExactly(Geometry.PGD, Geometry.PGD, Geometry.PGD, Geometry.PUD, Geometry.PMD);
    assertThat(Era.all()).allMatch(era -> era.gup().putsPinInTwoSteps() == OLD.contains(era));
  }

  @Test
  void failuresAreHandledBetterByLaterKernels() {
    assertThat(Era.all())
        .extracting(era -> era.failure().rules())
        .containsExactly(
            Set.of(Rule.MIXED_SECTIONS_ARE_ONLINE),
            Set.of(Rule.TELLS_EARLY_TASKS),
            Set.of(Rule.TELLS_EARLY_TASKS, Rule.ASKS_DRIVER, Rule.UNPOISONS_ONLINE_PAGES_ONLY),
            EnumSet.complementOf(EnumSet.of(Rule.MIXED_SECTIONS_ARE_ONLINE)),
            EnumSet.complementOf(EnumSet.of(Rule.MIXED_SECTIONS_ARE_ONLINE)));
    assertThat(Era.all())
        .extracting(era -> era.failure().daxPageNumber())
        .containsExactly(20, 20, 17, 17, 17);
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
