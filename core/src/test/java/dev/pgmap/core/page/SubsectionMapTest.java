package dev.pgmap.core.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pgmap.api.Errno;
import dev.pgmap.core.page.SubsectionMap.Shape;
import org.junit.jupiter.api.Test;

class SubsectionMapTest {
  private static final long END_PFN = 16 * 512;
  private static final long BASE = 0x7f12_3450_0000L;
  private static final int RECORD = 64;

  private final SubsectionMap map = new SubsectionMap(END_PFN);

  @Test
  void flatRecordsStandInARow() {
    map.set(3, BASE, Shape.FLAT, 0, true);
    for (int i = 0; i < 512; i++) {
      assertThat(map.record(3 * 512 + i)).isEqualTo(BASE + i * RECORD);
      assertThat(map.recordOrZero(3 * 512 + i)).isEqualTo(BASE + i * RECORD);
    }
    assertThat(map.sharesTails(3)).isFalse();
  }

  /** vmemmap page 0 and 1 are kept; the other six are page 1 again. */
  @Test
  void foldedRecordsRepeatTheSecondPage() {
    map.set(3, BASE, Shape.FOLDED, 9, true);
    for (int i = 0; i < 512; i++) {
      int vmemmapPage = Math.min(i / 64, 1);
      assertThat(map.record(3 * 512 + i))
          .as("record %d", i)
          .isEqualTo(BASE + vmemmapPage * 4096L + i % 64 * RECORD);
    }
    assertThat(map.sharesTails(3)).isTrue();
  }

  @Test
  void tailsRecordsRepeatOnePage() {
    map.set(3, BASE + 4096, Shape.TAILS, 18, true);
    for (int i = 0; i < 512; i++) {
      assertThat(map.record(3 * 512 + i)).isEqualTo(BASE + 4096 + i % 64 * RECORD);
    }
    assertThat(map.sharesTails(3)).isTrue();
  }

  @Test
  void orderIsKnownOnlyWhereItIsFixed() {
    map.set(1, BASE, Shape.FLAT, 9, true);
    map.set(2, BASE, Shape.FLAT, 9, false);
    map.set(3, BASE, Shape.TAILS, 22, true);
    assertThat(map.fixedOrder(512 + 7)).isEqualTo(9);
    assertThat(map.fixedOrder(1024)).isEqualTo(-1);
    assertThat(map.fixedOrder(3 * 512)).isEqualTo(22);
    assertThat(map.fixedOrder(4 * 512)).isEqualTo(-1);
    assertThat(map.fixedOrder(-1)).isEqualTo(-1);
  }

  @Test
  void anEntryKeptByALoopGivesTheSameRecords() {
    map.set(1, BASE, Shape.FLAT, 0, true);
    map.set(2, BASE, Shape.FLAT, 0, false);
    map.set(3, BASE, Shape.FOLDED, 9, true);
    map.set(4, BASE, Shape.FLAT, 9, true);
    long entry = map.entryOf(600);
    assertThat(SubsectionMap.holdsBasePages(entry)).isTrue();
    for (long pfn = 512; pfn < 1024; pfn++) {
      assertThat(SubsectionMap.basePageRecord(entry, pfn)).isEqualTo(map.record(pfn));
    }
    for (long pfn : new long[] {0, 1024, 3 * 512, 4 * 512, -1, END_PFN}) {
      assertThat(SubsectionMap.holdsBasePages(map.entryOf(pfn))).as("pfn %d", pfn).isFalse();
    }
  }

  @Test
  void pfnsWithoutAStructPageAreErrorsThatSayWhy() {
    assertMissing(0, "no memory was brought online there");
    assertMissing(END_PFN - 1, "no memory was brought online there");
    assertMissing(END_PFN, "this machine's memory ends at pfn 0x2000");
    assertMissing(-1, "this machine's memory ends at pfn 0x2000");
    assertMissing(Long.MAX_VALUE, "ends at");
    assertMissing(Long.MIN_VALUE, "ends at");
    assertMissing(1L << 41, "ends at");
  }

  private void assertMissing(long pfn, String why) {
    NoStructPage e = catchThrowableOfType(NoStructPage.class, () -> map.record(pfn));
    assertThat(e).hasMessageContaining("pfn 0x%x".formatted(pfn)).hasMessageContaining(why);
    assertThat(e.pfn()).isEqualTo(pfn);
    assertThat(e.errno()).isEqualTo(Errno.EFAULT);
    assertThat(e.wasRemoved()).isFalse();
    assertThat(map.recordOrZero(pfn)).isZero();
  }

  @Test
  void coversIsTheMachinesRange() {
    assertThat(map.endPfn()).isEqualTo(END_PFN);
    assertThat(map.covers(0)).isTrue();
    assertThat(map.covers(END_PFN - 1)).isTrue();
    assertThat(map.covers(END_PFN)).isFalse();
    assertThat(map.covers(-1)).isFalse();
    assertThat(new SubsectionMap(513).endPfn()).isEqualTo(1024);
  }

  @Test
  void aRemovedPfnRemembersItsEpitaph() {
    map.set(3, BASE, Shape.FLAT, 0, true);
    map.set(4, BASE, Shape.FLAT, 0, true);
    map.remove(3 * 512, 5 * 512, "it belonged to pgmap 1");
    assertThat(map.isPresent(3)).isFalse();
    assertThatThrownBy(() -> map.record(4 * 512 + 511))
        .isInstanceOfSatisfying(NoStructPage.class, e -> assertThat(e.wasRemoved()).isTrue())
        .hasMessageContaining("pfn 0x9ff has no struct page: it belonged to pgmap 1");
    assertMissing(5 * 512, "no memory was brought online there");
  }

  @Test
  void theLatestEpitaphCounts() {
    map.remove(0, 1024, "first");
    map.set(1, BASE, Shape.FLAT, 0, true);
    map.remove(512, 1024, "second");
    assertThatThrownBy(() -> map.record(511)).hasMessageContaining("first");
    assertThatThrownBy(() -> map.record(512)).hasMessageContaining("second");
  }

  @Test
  void aRangeThatNobodySawLeavesNoEpitaph() {
    map.remove(0, 512, "first");
    map.set(0, BASE, Shape.FLAT, 0, true);
    map.remove(0, 512, null);
    assertThatThrownBy(() -> map.record(0)).hasMessageContaining("first");
  }

  @Test
  void onlyTheLast1024EpitaphsAreKept() {
    map.remove(0, 512, "oldest");
    for (int i = 0; i < 1024; i++) {
      map.remove(512, 1024, "later");
    }
    assertMissing(0, "no memory was brought online there");
  }

  @Test
  void bootMemmapStaysWhenItsSubsectionGoes() {
    map.setEarly(3, BASE);
    assertThat(map.isEarly(3)).isTrue();
    assertThat(map.isPresent(3)).isFalse();
    assertMissing(3 * 512, "no memory was brought online there");
    map.set(3, map.base(3), Shape.FLAT, 9, true);
    assertThat(map.record(3 * 512 + 1)).isEqualTo(BASE + RECORD);
    assertThat(map.isEarly(3)).isTrue();
    map.remove(3 * 512, 4 * 512, "gone");
    assertThat(map.isPresent(3)).isFalse();
    assertThat(map.isEarly(3)).isTrue();
    assertThat(map.base(3)).isEqualTo(BASE);
    assertThat(map.fixedOrder(3 * 512)).isEqualTo(-1);
  }

  @Test
  void clearTakesEverythingAway() {
    map.setEarly(1, BASE);
    map.set(2, BASE, Shape.FOLDED, 9, true);
    map.clear();
    assertThat(map.isEarly(1)).isFalse();
    assertMissing(2 * 512, "no memory was brought online there");
  }
}
