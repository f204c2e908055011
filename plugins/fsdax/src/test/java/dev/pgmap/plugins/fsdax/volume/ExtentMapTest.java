package dev.pgmap.plugins.fsdax.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.plugins.fsdax.format.Extent;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExtentMapTest {
  @Test
  void extentsThatMeetBecomeOne() {
    ExtentMap map =
        ExtentMap.EMPTY
            .with(new Extent(0, 100, 2, false))
            .with(new Extent(4, 104, 2, false))
            .with(new Extent(2, 102, 2, false));

    assertThat(map.extents()).containsExactly(new Extent(0, 100, 6, false));
  }

  @Test
  void writingAPartOfAnUnwrittenExtentCutsItInThree() {
    ExtentMap map = ExtentMap.EMPTY.with(new Extent(0, 100, 9, true)).written(3, 5);

    assertThat(map.extents())
        .containsExactly(
            new Extent(0, 100, 3, true), new Extent(3, 103, 2, false), new Extent(5, 105, 4, true));
  }

  @Test
  void anExtentCannotLieOverAnother() {
    ExtentMap map = ExtentMap.EMPTY.with(new Extent(0, 100, 9, true));

    assertThatThrownBy(() -> map.with(new Extent(8, 200, 2, false)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void agreesWithATableOfPages() {
    long seed = System.nanoTime();
    System.out.println("ExtentMapTest seed " + seed);
    Random random = new Random(seed);
    long[] blocks = new long[64];
    boolean[] unwritten = new boolean[64];
    ExtentMap map = ExtentMap.EMPTY;
    for (int i = 1; i < 2000; i++) {
      int from = random.nextInt(63);
      int to = from + 1 + random.nextInt(Math.min(8, 64 - from));
      boolean later = random.nextBoolean();
      switch (random.nextInt(3)) {
        case 0 -> {
          map = map.without(from, to).with(new Extent(from, i * 100L, to - from, later));
          for (int page = from; page < to; page++) {
            blocks[page] = i * 100L + page - from;
            unwritten[page] = later;
          }
        }
        case 1 -> {
          map = map.without(from, to);
          java.util.Arrays.fill(blocks, from, to, 0);
        }
        default -> {
          map = map.written(from, to);
          java.util.Arrays.fill(unwritten, from, to, false);
        }
      }
      assertSame(map, blocks, unwritten);
    }
  }

  private static void assertSame(ExtentMap map, long[] blocks, boolean[] unwritten) {
    for (int page = 0; page < blocks.length; page++) {
      Extent extent = map.at(page);
      assertThat(extent == null ? 0 : extent.blockOf(page)).isEqualTo(blocks[page]);
      if (extent != null) {
        assertThat(extent.unwritten()).isEqualTo(unwritten[page]);
      }
      int next = page;
      while (next < blocks.length && blocks[next] == 0) {
        next++;
      }
      assertThat(map.nextMapped(page)).isEqualTo(next == blocks.length ? Long.MAX_VALUE : next);
    }
  }
}
