package dev.pgmap.core.pgtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.core.pgtable.SwapEntry.Kind;
import dev.pgmap.core.testing.Failures;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Entries that are not present and yet not none. */
class SwapEntryTest {
  private static final long ADDRESS = 0x7000_0000_0000L;

  private final PageTables tables = new PageTables(Geometry.x86(4));

  @Test
  void aDeviceEntryIsWhatAKernelsTracePrints() {
    assertThat(SwapEntry.of(Kind.DEVICE_WRITE, 0xfcff200)).isEqualTo(0xe7ff_ffe0_601b_fe00L);
  }

  @ParameterizedTest
  @EnumSource
  void keepsKindAndPfnAndIsNeitherLeafNorTable(Kind kind) {
    long pfn = Pte.PFN_END - 1;
    long entry = SwapEntry.of(kind, pfn);

    assertThat(SwapEntry.isSwap(entry)).isTrue();
    assertThat(SwapEntry.kind(entry)).isEqualTo(kind);
    assertThat(SwapEntry.pfn(entry)).isEqualTo(pfn);
    assertThat(Pte.isLeaf(entry, Geometry.PTE)).isFalse();
    assertThat(Pte.isLeaf(entry, Geometry.PMD)).isFalse();
    assertThat(Pte.isTable(entry, Geometry.PMD)).isFalse();
    assertThat(SwapEntry.kind(SwapEntry.readOnly(entry)).readOnly())
        .isEqualTo(SwapEntry.kind(SwapEntry.readOnly(entry)));
  }

  @Test
  void noneLeavesAndEntriesWithoutAccessAreNoSwapEntries() {
    assertThat(SwapEntry.isSwap(0)).isFalse();
    assertThat(SwapEntry.isSwap(Pte.of(5, Pte.PRESENT))).isFalse();
    assertThat(SwapEntry.isSwap(Pte.of(5, 1L << 8))).isFalse();
    assertThatThrownBy(() -> SwapEntry.kind(Pte.of(5, Pte.PRESENT)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void walkersSeeNothingMappedWhereASwapEntryStands() {
    long entry = SwapEntry.of(Kind.DEVICE_READ, 77);

    assertThat(tables.insertSwap(ADDRESS, Geometry.PTE, entry)).isZero();

    assertThat(tables.find(ADDRESS)).isNull();
    assertThat(tables.entryAt(ADDRESS, Geometry.PTE)).isEqualTo(entry);
    assertThat(tables.insertLeaf(ADDRESS, Geometry.PTE, Pte.of(5, Pte.PRESENT))).isEqualTo(entry);
    assertThat(tables.insertSwap(ADDRESS, Geometry.PTE, entry)).isEqualTo(entry);
  }

  @Test
  void aLeafTurnsIntoASwapEntryAndBackUnlessItChanged() {
    long leaf = Pte.of(5, Pte.PRESENT | Pte.USER);
    long swap = SwapEntry.of(Kind.MIGRATION_READ, 5);
    tables.insertLeaf(ADDRESS, Geometry.PTE, leaf);

    assertThat(tables.exchange(ADDRESS, Geometry.PTE, leaf | Pte.DIRTY, swap)).isFalse();
    assertThat(tables.exchange(ADDRESS, Geometry.PTE, leaf, swap)).isTrue();
    assertThat(tables.exchange(ADDRESS, Geometry.PTE, swap, leaf)).isTrue();

    assertThat(tables.find(ADDRESS)).isNotNull();
  }

  @Test
  void aHugeSwapEntryCoversItsBlockAndIsClearedAsOne() {
    long entry = SwapEntry.of(Kind.DEVICE_WRITE, 512);
    tables.insertSwap(ADDRESS, Geometry.PMD, entry);
    List<Long> cleared = new ArrayList<>();

    assertThat(tables.entryAt(ADDRESS + 4096, Geometry.PTE)).isEqualTo(entry);
    tables.clearRange(ADDRESS, ADDRESS + (2 << 20), (at, level, gone) -> cleared.add(gone));

    assertThat(cleared).containsExactly(entry);
    assertThat(tables.entryAt(ADDRESS, Geometry.PMD)).isZero();
  }

  @Test
  void refusesWhatIsNoSwapEntryAndLevelsThatHaveNone() {
    long entry = SwapEntry.of(Kind.MARKER, 0);

    Failures.assertErrno(Errno.EINVAL, () -> tables.insertSwap(ADDRESS, Geometry.PUD, entry));
    Failures.assertErrno(Errno.EINVAL, () -> tables.insertSwap(ADDRESS, Geometry.PTE, Pte.PRESENT));
    Failures.assertErrno(Errno.EINVAL, () -> tables.insertSwap(ADDRESS + 1, Geometry.PTE, entry));
    assertThat(tables.entryAt(ADDRESS, Geometry.PTE)).isZero();
  }
}
