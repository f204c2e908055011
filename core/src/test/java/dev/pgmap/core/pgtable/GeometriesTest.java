package dev.pgmap.core.pgtable;

import static dev.pgmap.core.pgtable.Geometry.PGD;
import static dev.pgmap.core.pgtable.Geometry.PMD;
import static dev.pgmap.core.pgtable.Geometry.PTE;
import static dev.pgmap.core.pgtable.Geometry.PUD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GeometriesTest {
  private static final long K = 1L << 10;
  private static final long M = 1L << 20;
  private static final long G = 1L << 30;

  static List<Geometry> all() {
    return Geometries.all();
  }

  @ParameterizedTest
  @CsvSource({
    "x86-64,            4096 2097152 1073741824,   2097152 1073741824",
    "powerpc-radix-4k,  4096 2097152 1073741824,   2097152 1073741824",
    "powerpc-radix-64k, 65536 2097152 1073741824,  2097152 1073741824",
    "powerpc-hash-4k,   4096,                      16777216 17179869184",
    "powerpc-hash-64k,  65536 16777216,            16777216 17179869184",
    "arm64-4k,          4096 2097152,              65536 2097152 33554432 1073741824",
    "arm64-16k,         16384 33554432,            2097152 33554432 1073741824",
    "arm64-64k,         65536 536870912,           2097152 536870912 17179869184",
  })
  void eachHasTheSizesOfItsArchitecture(String name, String maps, String hugetlb) {
    Geometry geometry = Geometries.named(name);
    assertThat(geometry.mappingBytes()).containsExactlyElementsOf(longs(maps));
    assertThat(geometry.hugetlbBytes()).containsExactlyElementsOf(longs(hugetlb));
  }

  private static List<Long> longs(String text) {
    return List.of(text.split(" ")).stream().map(Long::valueOf).toList();
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyTableIsAsLargeAsOneEntryAboveIt(Geometry geometry) {
    for (int level = PGD; geometry.below(level) >= 0; level = geometry.below(level)) {
      int below = geometry.below(level);
      assertThat(geometry.bytes(below) * geometry.entries(below))
          .as("tables of level %s", Geometry.levelName(below))
          .isEqualTo(geometry.bytes(level));
    }
    assertThat(geometry.bytes(PGD) * geometry.entries(PGD))
        .isGreaterThanOrEqualTo(geometry.userEnd());
  }

  @Test
  void hashHasNoSmallHugeLeavesButGroupsOfThem() {
    Geometry hash = Geometries.named("powerpc-hash-4k");
    assertThat(hash.leafAllowed(PMD)).isFalse();
    assertThat(hash.contiguous(PMD) * hash.bytes(PMD)).isEqualTo(16 * M);
    assertThat(hash.contiguous(PUD) * hash.bytes(PUD)).isEqualTo(16 * G);
    assertThat(hash.compatAlignBytes()).isEqualTo(16 * M);
  }

  @Test
  void basePagesLargerThanAFrameCoverSeveral() {
    assertThat(all().stream().mapToInt(g -> g.order(PTE)))
        .containsExactly(0, 0, 0, 4, 0, 4, 0, 2, 4);
    assertThat(LongStream.of(Geometries.named("arm64-16k").pageBytes())).containsExactly(16 * K);
  }

  @Test
  void anUnknownNameIsRefusedWithTheNamesThereAre() {
    assertThatThrownBy(() -> Geometries.named("sparc"))
        .isInstanceOfSatisfying(
            MmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL))
        .hasMessageContainingAll("'sparc'", "powerpc-hash-64k", "arm64-16k");
  }
}
