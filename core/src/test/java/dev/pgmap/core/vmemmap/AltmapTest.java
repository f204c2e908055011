package dev.pgmap.core.vmemmap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.pgmap.AltmapSpec;
import dev.pgmap.core.testing.Crew;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AltmapTest {
  private static final long BASE = 0x70000;

  private static Altmap altmap(long reserve, long free) {
    return new Altmap(new AltmapSpec(BASE, BASE + 0x3ffff, reserve, free));
  }

  /** 1 GiB namespace, struct pages in the device, 2 MiB alignment: every page of it is needed. */
  @Test
  void theEightSectionsOfAGibibyteFitExactly() {
    Altmap altmap = altmap(2, 4606);
    assertThat(altmap.spec().offsetPages()).isEqualTo(4608);
    for (int section = 0; section < 8; section++) {
      assertThat(altmap.alloc(512)).isEqualTo(BASE + 512 + section * 512L);
    }
    assertThat(altmap.allocPages()).isEqualTo(4096);
    assertThat(altmap.alignPages()).isEqualTo(510);
    assertThat(altmap.alloc(1)).isEqualTo(-1);
  }

  @Test
  void aBlockIsAlignedToTheLowestBitOfItsSize() {
    Altmap altmap = altmap(2, 1000);
    assertThat(altmap.alloc(1)).isEqualTo(BASE + 2);
    assertThat(altmap.alloc(6)).as("a multiple of 2").isEqualTo(BASE + 4);
    assertThat(altmap.alloc(64)).isEqualTo(BASE + 64);
    assertThat(altmap.alloc(96)).as("a multiple of 32").isEqualTo(BASE + 128);
    assertThat(altmap.allocPages()).isEqualTo(1 + 6 + 64 + 96);
    assertThat(altmap.alignPages()).isEqualTo(1 + 54);
  }

  @Test
  void whatDoesNotFitTakesNothing() {
    Altmap altmap = altmap(2, 600);
    assertThat(altmap.alloc(512)).isEqualTo(-1);
    assertThat(altmap.allocPages()).isZero();
    assertThat(altmap.alignPages()).isZero();
    assertThat(altmap.alloc(600)).as("lowest bit 8: the pad does not fit").isEqualTo(-1);
    assertThat(altmap.alloc(592)).as("lowest bit 16: the pad does not fit").isEqualTo(-1);
    assertThat(altmap.alloc(584)).isEqualTo(BASE + 8);
  }

  @Test
  void whatWasLostToAlignmentStaysLostUntilTheNextAdd() {
    Altmap altmap = altmap(2, 2000);
    assertThat(altmap.alloc(512)).isEqualTo(BASE + 512);
    altmap.free(512);
    assertThat(altmap.allocPages()).isZero();
    assertThat(altmap.alignPages()).isEqualTo(510);
    assertThat(altmap.alloc(512)).isEqualTo(BASE + 512);
    altmap.reset();
    assertThat(altmap.allocPages()).isZero();
    assertThat(altmap.alignPages()).isZero();
  }

  @Test
  void randomBlocksNeverOverlapOrLeaveTheFreePages() {
    Random random = new Random(Crew.seed("AltmapTest.randomBlocks"));
    for (int round = 0; round < 200; round++) {
      long reserve = random.nextInt(5);
      long free = random.nextInt(5000);
      Altmap altmap = altmap(reserve, free);
      long last = BASE + reserve;
      long pages = 0;
      for (int i = 0; i < 30; i++) {
        long n = 1L + random.nextInt(600);
        long pfn = altmap.alloc(n);
        if (pfn >= 0) {
          pages += n;
          assertThat(pfn).isGreaterThanOrEqualTo(last);
          assertThat(pfn % Long.lowestOneBit(n)).isZero();
          last = pfn + n;
        }
        assertThat(altmap.allocPages()).isEqualTo(pages);
        assertThat(altmap.allocPages() + altmap.alignPages()).isLessThanOrEqualTo(free);
        assertThat(last).isLessThanOrEqualTo(BASE + altmap.spec().offsetPages());
      }
    }
  }
}
