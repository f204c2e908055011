package dev.pgmap.core.pgtable;

import static dev.pgmap.core.pgtable.Geometry.P4D;
import static dev.pgmap.core.pgtable.Geometry.PGD;
import static dev.pgmap.core.pgtable.Geometry.PMD;
import static dev.pgmap.core.pgtable.Geometry.PTE;
import static dev.pgmap.core.pgtable.Geometry.PUD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeometryTest {
  @Test
  void fourLevelsFoldTheP4d() {
    Geometry g = Geometry.x86(4);
    assertThat(g.isFolded(P4D)).isTrue();
    assertThat(g.below(PGD)).isEqualTo(PUD);
    assertThat(g.shift(PGD)).isEqualTo(39);
    assertThat(g.userEnd()).isEqualTo(0x7fff_ffff_f000L);
  }

  @Test
  void fiveLevelsHaveAllOfThem() {
    Geometry g = Geometry.x86(5);
    assertThat(g.isFolded(P4D)).isFalse();
    assertThat(g.below(PGD)).isEqualTo(P4D);
    assertThat(g.below(P4D)).isEqualTo(PUD);
    assertThat(g.bytes(PGD)).isEqualTo(256L << 40);
    assertThat(g.bytes(P4D)).isEqualTo(512L << 30);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void lowerLevelsCoverWhatX86Covers(int levels) {
    Geometry g = Geometry.x86(levels);
    assertThat(g.bytes(PTE)).isEqualTo(4096);
    assertThat(g.bytes(PMD)).isEqualTo(2L << 20);
    assertThat(g.bytes(PUD)).isEqualTo(1L << 30);
    assertThat(g.below(PMD)).isEqualTo(PTE);
    assertThat(g.below(PTE)).isEqualTo(-1);
    assertThat(new int[] {g.order(PTE), g.order(PMD), g.order(PUD)}).containsExactly(0, 9, 18);
    assertThat(g.leafAllowed(PUD)).isTrue();
    assertThat(g.leafAllowed(P4D)).isFalse();
    assertThat(g.leafAllowed(PGD)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void indexesPutAnAddressTogetherAgain(int levels) {
    Geometry g = Geometry.x86(levels);
    long seed = System.nanoTime();
    System.out.println("GeometryTest seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 10_000; i++) {
      long address = random.nextLong(g.userEnd());
      long sum = address & 0xfff;
      for (int level = PGD; level >= 0; level = g.below(level)) {
        PageTable table = new PageTable(g, level);
        sum += (long) table.index(address) << table.shift();
        assertThat(address - table.blockStart(address)).isBetween(0L, g.bytes(level) - 1);
      }
      assertThat(sum).as("address 0x%x", address).isEqualTo(address);
    }
  }

  @Test
  void otherDepthsAreRefused() {
    assertThatThrownBy(() -> Geometry.x86(3))
        .isInstanceOfSatisfying(
            MmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
  }
}
