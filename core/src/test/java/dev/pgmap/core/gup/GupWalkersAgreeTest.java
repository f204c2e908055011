package dev.pgmap.core.gup;

import static dev.pgmap.core.testing.DevdaxMachine.GIB;
import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.MmException;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.pgtable.Geometries;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.TableWalker;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.Mapping;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Both walkers take the same pages, fast and slow, on every geometry and in every family. */
class GupWalkersAgreeTest extends DevdaxTest {
  private static final int RANGES = 200;
  private static final List<Mapping.Taker> TAKERS =
      List.of(Mapping.PIN_FAST, Mapping.GET_FAST, Mapping.PIN, Mapping.GET);

  static Stream<Arguments> geometries() {
    return Geometries.all().stream()
        .flatMap(geometry ->
            Stream.of("5.4", "5.10", "6.1", "6.15", "7.2").map(era -> Arguments.of(era, geometry)));
  }

  private static MachineSpec spec(String era, Geometry geometry, TableWalker walker) {
    MachineSpec spec = DevdaxMachine.spec(Era.named(era));
    return spec.withGeometry(geometry).withWalker(walker);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("geometries")
  void bothTakeTheSamePages(String era, Geometry geometry) {
    long seed = System.nanoTime();
    System.out.println("GupWalkersAgreeTest seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    DevdaxMachine m = boot(spec(era, geometry, TableWalker.LEAF), new PageRefs());
    Gup[] gups = {m.machine.gupBy(TableWalker.PER_LEVEL), m.machine.gupBy(TableWalker.LEAF)};
    for (long align : geometry.mappingBytes()) {
      Mapping mapping = someLeavesOf(m, align, random);
      for (int i = 0; i < RANGES; i++) {
        compare(gups, mapping, random, seed);
      }
      m.destroy(2);
    }
  }

  /** A mapping some of whose leaves are there. */
  private static Mapping someLeavesOf(DevdaxMachine m, long align, SplittableRandom random) {
    m.create(2, align, MapLocation.MEM);
    Mapping mapping = m.map(2, Math.min(2 * GIB, 300 * align));
    for (long at = 0; at < mapping.bytes(); at += align) {
      if (random.nextInt(5) > 0) {
        mapping.task().mm().load(mapping.start() + at);
      }
    }
    return mapping;
  }

  private static void compare(Gup[] gups, Mapping mapping, SplittableRandom random, long seed) {
    int first = random.nextInt(mapping.nrPages());
    int nr = 1 + random.nextInt(1 << random.nextInt(1, 14));
    int flags = FollFlag.NOFAULT | (random.nextBoolean() ? FollFlag.WRITE : 0);
    Mapping.Taker taker = TAKERS.get(random.nextInt(TAKERS.size()));
    String one = taken(gups[0], taker, mapping, first, nr, flags);
    String other = taken(gups[1], taker, mapping, first, nr, flags);
    assertThat(other).as("seed %d: %d pages from %d", seed, nr, first).isEqualTo(one);
  }

  /** Takes pages, gives them back, and says which they were, or why there were none. */
  private static String taken(
      Gup gup, Mapping.Taker taker, Mapping mapping, int first, int nrPages, int flags) {
    long[] pfns = new long[nrPages];
    int nr;
    try {
      nr = taker.take(gup, mapping, mapping.at(first), nrPages, flags, pfns);
    } catch (MmException e) {
      return e.getMessage();
    }
    if (taker.equals(Mapping.PIN) || taker.equals(Mapping.PIN_FAST)) {
      gup.unpinUserPages(pfns, 0, nr);
    } else {
      Arrays.stream(pfns, 0, nr).forEach(gup::putPage);
    }
    return nr + " " + Arrays.toString(Arrays.copyOf(pfns, nr));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("geometries")
  void aMachineThatWalksByLeavesPinsAndUnmaps(String era, Geometry geometry) {
    DevdaxMachine m = boot(spec(era, geometry, TableWalker.LEAF), new PageRefs());
    for (long align : geometry.mappingBytes()) {
      m.create(2, align, MapLocation.MEM);
      Mapping mapping = m.map(2, Math.max(align, 16 * MIB)).touch();
      long[] pfns = mapping.takeAll(Mapping.PIN_FAST, 512, FollFlag.WRITE);
      assertThat(pfns).hasSize(mapping.nrPages());
      for (int i = 1; i < pfns.length; i++) {
        assertThat(pfns[i]).isEqualTo(pfns[0] + i);
      }
      mapping.unpin(pfns);
      mapping.task().mm().munmap(mapping.start(), mapping.bytes());
      assertThat(mapping.task().mm().tables().nrTables()).isEqualTo(1);
      m.destroy(2);
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("geometries")
  void aWalkThatSkipsAPageIsCaught(String era, Geometry geometry) {
    SplittableRandom random = new SplittableRandom(7);
    DevdaxMachine m = boot(spec(era, geometry, TableWalker.LEAF), new PageRefs());
    Gup gup = m.machine.gup();
    Mapping mapping = someLeavesOf(m, geometry.pageBytes(), random);
    Mapping.Taker late =
        (by, of, at, nr, flags, pfns) -> Mapping.GET_FAST.take(by, of, at + 4096, nr, flags, pfns);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < RANGES; i++) {
                int first = random.nextInt(mapping.nrPages() - 1);
                assertThat(taken(gup, late, mapping, first, 4, FollFlag.NOFAULT))
                    .isEqualTo(taken(gup, Mapping.GET_FAST, mapping, first, 4, FollFlag.NOFAULT));
              }
            })
        .isInstanceOf(AssertionError.class);
  }
}
