package dev.pgmap.core.pgtable;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PteTest {
  private static final long ALL_BITS =
      Pte.PRESENT
          | Pte.RW
          | Pte.USER
          | Pte.ACCESSED
          | Pte.DIRTY
          | Pte.PSE
          | Pte.SPECIAL
          | Pte.DEVMAP
          | Pte.NX;

  @Test
  void bitsStandWhereX86HasThem() {
    assertThat(ALL_BITS).isEqualTo(0x8400_0000_0000_02e7L);
  }

  @Test
  void thePfnComesBackWhateverBitsAreSet() {
    for (long pfn : new long[] {0, 1, 0x240000, Pte.PFN_END - 1}) {
      assertThat(Pte.pfn(Pte.of(pfn, ALL_BITS))).isEqualTo(pfn);
      assertThat(Pte.of(pfn, ALL_BITS) & ~Pte.PFN_MASK).isEqualTo(ALL_BITS);
    }
  }

  @Test
  void aPresentPteIsALeafAndAPresentUpperEntryOnlyWithPse() {
    long entry = Pte.of(1, Pte.PRESENT);
    assertThat(Pte.isLeaf(entry, Geometry.PTE)).isTrue();
    assertThat(Pte.isTable(entry, Geometry.PTE)).isFalse();
    assertThat(Pte.isLeaf(entry, Geometry.PMD)).isFalse();
    assertThat(Pte.isTable(entry, Geometry.PMD)).isTrue();
    assertThat(Pte.isLeaf(entry | Pte.PSE, Geometry.PUD)).isTrue();
    assertThat(Pte.isTable(entry | Pte.PSE, Geometry.PUD)).isFalse();
  }

  @Test
  void anEmptyEntryIsNeither() {
    assertThat(Pte.isLeaf(0, Geometry.PTE) || Pte.isTable(0, Geometry.PMD)).isFalse();
  }

  @Test
  void accessNeedsThePresentUserAndWriteBits() {
    long readable = Pte.PRESENT | Pte.USER;
    assertThat(Pte.permits(readable, false)).isTrue();
    assertThat(Pte.permits(readable, true)).isFalse();
    assertThat(Pte.permits(readable | Pte.RW, true)).isTrue();
    assertThat(Pte.permits(Pte.PRESENT | Pte.RW, false)).isFalse();
    assertThat(Pte.permits(Pte.USER | Pte.RW, false)).isFalse();
  }

  @Test
  void tableEntriesOfDifferentTablesDiffer() {
    assertThat(Pte.ofTable(1)).isNotEqualTo(Pte.ofTable(2));
    assertThat(Pte.isTable(Pte.ofTable(7), Geometry.PUD)).isTrue();
    assertThat(Pte.isTable(Pte.ofTable(Pte.PFN_END + 3), Geometry.PUD)).isTrue();
  }
}
