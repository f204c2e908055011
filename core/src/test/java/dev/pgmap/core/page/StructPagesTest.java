package dev.pgmap.core.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.Floors;
import dev.pgmap.core.testing.Kernels;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StructPagesTest {
  private static final long FIRST = Floors.DEVICE >>> 12;

  private final Floors floors = new Floors(Kernels.V7_2.policies());
  private final StructPages pages = floors.pages;

  @AfterEach
  void close() {
    floors.close();
  }

  @Test
  void initLeavesACleanUnmappedPage() {
    long rec = pages.record(0);
    pages.setFlag(rec, PageFlag.HWPOISON);
    pages.setMapping(rec, 5);
    pages.setIndex(rec, 6);
    pages.addMapcount(rec, 3);
    pages.init(rec, 0x1234_0000L, 7L << PageLayout.PGMAP_SHIFT);
    long[] words = new long[8];
    for (int i = 0; i < words.length; i++) {
      words[i] = pages.rawWord(rec, i);
    }
    assertThat(words)
        .containsExactly(0x1234_0000L, 7L << PageLayout.PGMAP_SHIFT, 0, 0, 0, 0, 0xffff_ffffL, 0);
    assertThat(pages.mapcount(rec)).isEqualTo(-1);
    assertThat(pages.pgmapIndex(rec)).isEqualTo(7);
    assertThat(pages.isTail(rec)).isFalse();
  }

  @Test
  void flagsAreSetAndClearedOneByOne() {
    long rec = pages.record(0);
    long before = pages.flags(rec);
    pages.setFlag(rec, PageFlag.DIRTY);
    pages.setFlag(rec, PageFlag.DIRTY);
    pages.setFlag(rec, PageFlag.IDLE);
    assertThat(pages.testFlag(rec, PageFlag.DIRTY)).isTrue();
    pages.clearFlag(rec, PageFlag.DIRTY);
    assertThat(pages.testFlag(rec, PageFlag.DIRTY)).isFalse();
    assertThat(pages.flags(rec)).isEqualTo(before | PageFlag.IDLE.bit());
  }

  @Test
  void flagsOfManyThreadsAreNotLost() throws Exception {
    long rec = pages.record(0);
    PageFlag[] flags = PageFlag.values();
    Crew crew = new Crew();
    for (int i = 0; i < 4; i++) {
      PageFlag mine = flags[i];
      crew.add(() -> {
        for (int n = 0; n < 20_000; n++) {
          pages.setFlag(rec, mine);
          assertThat(pages.testFlag(rec, mine)).isTrue();
          pages.clearFlag(rec, mine);
          assertThat(pages.testFlag(rec, mine)).isFalse();
        }
      });
    }
    crew.runAll();
  }

  @Test
  void aCompoundLooksTheSameByArithmeticAndByRecord() {
    floors.online(Floors.DEVICE, 8 * Floors.MIB, 9);
    for (long pfn = FIRST; pfn < FIRST + 2048; pfn++) {
      long rec = pages.record(pfn);
      long head = pfn & -512L;
      long byRecord = pages.isTail(rec) ? pages.rawWord(rec, 1) >>> 1 : pfn;
      assertThat(pages.headPfn(pfn)).isEqualTo(head).isEqualTo(byRecord);
      assertThat(pages.isTail(rec)).isEqualTo(pfn != head);
      assertThat(pages.order(head)).isEqualTo(9);
    }
    long page1 = pages.record(FIRST + 1);
    assertThat(pages.rawWord(page1, 0) & PageLayout.ORDER_MASK).isEqualTo(9);
    assertThat(pages.rawWord(page1, 7)).as("nr_pages").isEqualTo(512);
    assertThat(pages.rawWord(page1, 2)).as("large_mapcount -1").isEqualTo(0xffff_ffffL);
    assertThat(pages.rawWord(pages.record(FIRST + 2), 3)).isEqualTo(PageLayout.TAIL_MAPPING);
  }

  /** Heads of 1 GiB compounds of a range that begins 2 MiB after a 1 GiB boundary. */
  @Test
  void compoundsThatAreNotNaturallyAlignedAreFoundByTheirRecords() {
    long start = FIRST + 512;
    floors.online(start << 12, Floors.GIB, 18);
    assertThat(floors.map.fixedOrder(start)).isEqualTo(-1);
    for (long pfn = start; pfn < start + (1 << 18); pfn += 37) {
      assertThat(pages.headPfn(pfn)).isEqualTo(start);
    }
    assertThat(pages.order(start)).isEqualTo(18);
    floors.assertInvariants();
  }

  @Test
  void mapcountsBeginAtMinusOneAndOnlyTheirOwnMove() {
    floors.online(Floors.DEVICE, 2 * Floors.MIB, 9);
    long head = pages.record(FIRST);
    assertThat(pages.mapcount(head)).isEqualTo(-1);
    assertThat(pages.entireMapcount(head)).isEqualTo(-1);
    pages.addEntireMapcount(head, 1);
    pages.addEntireMapcount(head, 1);
    assertThat(pages.entireMapcount(head)).isEqualTo(1);
    assertThat(pages.rawWord(pages.record(FIRST + 1), 2)).as("large_mapcount").isEqualTo(1);
    pages.addMapcount(head, 1);
    assertThat(pages.mapcount(head)).isZero();
    assertThat(floors.refs.count(head)).isEqualTo(1);
    assertThat(pages.pincount(head)).isZero();
  }

  @Test
  void pincountsGoUpAndDownAndNeverBelowZero() {
    floors.online(Floors.DEVICE, 2 * Floors.MIB, 9);
    long head = pages.record(FIRST);
    pages.addPincount(FIRST, head, 512);
    pages.addPincount(FIRST, head, -500);
    assertThatThrownBy(() -> pages.addPincount(FIRST, head, -13))
        .isInstanceOf(RefUnderflow.class)
        .hasMessageContaining("13 pins")
        .hasMessageContaining("hold 12");
    assertThat(pages.pincount(head)).isEqualTo(12);
    assertThat(pages.entireMapcount(head)).isEqualTo(-1);
    pages.addPincount(FIRST, head, -12);
    floors.assertInvariants();
  }

  @Test
  void ramAndDevicesAreInTheirZones() {
    floors.online(Floors.DEVICE, 2 * Floors.MIB, 0);
    assertThat(pages.isZoneDevice(pages.record(FIRST))).isTrue();
    assertThat(pages.isZoneDevice(pages.record(0))).isFalse();
    assertThat(pages.recordOrZero(FIRST + 512)).isZero();
    assertThatThrownBy(() -> pages.headPfn(FIRST + 512)).isInstanceOf(NoStructPage.class);
    assertThatThrownBy(() -> pages.order(FIRST + 512)).isInstanceOf(NoStructPage.class);
    assertThatThrownBy(() -> pages.headPfn(-1)).isInstanceOf(NoStructPage.class);
  }
}
