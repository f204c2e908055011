package dev.pgmap.core.phys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.testing.Crew;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MediaErrorsTest {
  private static final int NR_SECTORS = 64;

  private final MediaErrors errors = new MediaErrors();

  private static PhysRange sectors(int first, int nr) {
    return PhysRange.ofLength(first * 512L, nr * 512L);
  }

  @Test
  void whatIsLostIsFoundByEveryByteOfIt() {
    assertThat(errors.isLost(0, 1 << 20)).isFalse();
    errors.add(sectors(8, 2));
    assertThat(errors.isLost(8 * 512 - 1, 1)).isFalse();
    assertThat(errors.isLost(8 * 512 - 1, 2)).isTrue();
    assertThat(errors.isLost(10 * 512 - 1, 1)).isTrue();
    assertThat(errors.isLost(10 * 512, 512)).isFalse();
    assertThat(errors.isLost(8 * 512, 0)).as("no byte").isFalse();
    assertThat(errors.in(sectors(9, 9))).containsExactly(sectors(9, 1));
  }

  @Test
  void clearingAPartLeavesTheRest() {
    errors.add(sectors(8, 8));
    errors.clear(sectors(10, 2));
    assertThat(errors.in(sectors(0, 64))).containsExactly(sectors(8, 2), sectors(12, 4));
    errors.clear(sectors(0, 64));
    assertThat(errors.in(sectors(0, 64))).isEmpty();
  }

  @Test
  void randomErrorsAgreeWithABitmap() {
    long seed = Crew.seed("MediaErrorsTest.randomErrorsAgreeWithABitmap");
    Random random = new Random(seed);
    BitSet lost = new BitSet(NR_SECTORS);
    for (int step = 0; step < 2_000; step++) {
      int first = random.nextInt(NR_SECTORS);
      int nr = 1 + random.nextInt(NR_SECTORS - first);
      if (random.nextBoolean()) {
        errors.add(sectors(first, nr));
        lost.set(first, first + nr);
      } else {
        errors.clear(sectors(first, nr));
        lost.clear(first, first + nr);
      }
      for (int sector = 0; sector < NR_SECTORS; sector++) {
        assertThat(errors.isLost(sector * 512L, 512))
            .as("seed %d step %d sector %d", seed, step, sector)
            .isEqualTo(lost.get(sector));
      }
    }
  }
}
