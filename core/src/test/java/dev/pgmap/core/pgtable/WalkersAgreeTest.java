package dev.pgmap.core.pgtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.MmException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both walkers, over the same random tables of every geometry. */
class WalkersAgreeTest {
  private static final int RANGES = 300;

  /** One of the ways over a range that must all show the same. */
  private interface Way {
    void show(PageTables tables, long start, long end, LeafVisitor visitor);
  }

  static List<Geometry> geometries() {
    return Geometries.all();
  }

  private static long newSeed(String what, Geometry geometry) {
    long seed = System.nanoTime();
    System.out.println("WalkersAgreeTest " + what + " of " + geometry.name() + ", seed " + seed);
    return seed;
  }

  private static String text(long address, int level, long entry) {
    return "%x %s %x".formatted(address, Geometry.levelName(level), entry);
  }

  private static List<String> shown(Way way, PageTables tables, long start, long end) {
    List<String> lines = new ArrayList<>();
    tables.lock();
    try {
      way.show(tables, start, end, (at, level, entry) -> lines.add(text(at, level, entry)));
    } finally {
      tables.unlock();
    }
    return lines;
  }

  /** Compares two ways over many ranges of random tables. */
  private static void compare(Geometry geometry, long seed, Way one, Way other) {
    RandomTables random = new RandomTables(geometry, TableWalker.PER_LEVEL, seed);
    SplittableRandom ranges = new SplittableRandom(seed);
    assertThat(shown(one, random.tables(), 0, geometry.userEnd()))
        .as("seed %d, all", seed)
        .hasSizeGreaterThan(200)
        .isEqualTo(shown(other, random.tables(), 0, geometry.userEnd()));
    for (int i = 0; i < RANGES; i++) {
      long a = RandomTables.address(random, ranges);
      long b = RandomTables.address(random, ranges);
      long start = Math.min(a, b);
      long end = Math.max(a, b);
      assertThat(shown(one, random.tables(), start, end))
          .as("seed %d, 0x%x to 0x%x", seed, start, end)
          .isEqualTo(shown(other, random.tables(), start, end));
    }
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void bothShowTheSameEntries(Geometry geometry) {
    long seed = newSeed("shows", geometry);
    compare(geometry, seed, TableWalker.PER_LEVEL::forEachLeaf, TableWalker.LEAF::forEachLeaf);
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void aWalkThroughPteEntriesFindsTheSame(Geometry geometry) {
    long seed = newSeed("pte entries", geometry);
    compare(geometry, seed, TableWalker.LEAF::forEachLeaf, WalkersAgreeTest::entryByEntry);
  }

  /** The callbacks of every level, with pte_entry, and groups put together by hand. */
  private static void entryByEntry(PageTables tables, long start, long end, LeafVisitor visitor) {
    if (start < end) {
      LevelWalk.locked(tables, start, end, new EntryByEntry(tables.geometry(), start, visitor));
    }
  }

  private record EntryByEntry(Geometry geometry, long start, LeafVisitor visitor)
      implements LevelOps {
    @Override
    public int levels() {
      return 1 << Geometry.PUD | 1 << Geometry.PMD | 1 << Geometry.PTE;
    }

    @Override
    public int pudEntry(LevelWalk walk, long address, long next) {
      return show(walk, address, Geometry.PUD);
    }

    @Override
    public int pmdEntry(LevelWalk walk, long address, long next) {
      return show(walk, address, Geometry.PMD);
    }

    @Override
    public int pteEntry(LevelWalk walk, long address, long next) {
      return show(walk, address, Geometry.PTE);
    }

    private int show(LevelWalk walk, long address, int level) {
      long entry = walk.entry();
      long bytes = 1L << geometry.leafShift(level, entry);
      boolean first = (address & bytes - 1) < geometry.bytes(level) || address == start;
      if (entry != 0 && !Pte.isTable(entry, level) && first) {
        long at = address & -bytes;
        PageTable table = walk.table();
        visitor.leaf(at, level, table.loadAcquire(table.index(at)));
      }
      return 0;
    }
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void holesAndEntriesTogetherCoverTheRange(Geometry geometry) {
    long seed = newSeed("holes", geometry);
    RandomTables random = new RandomTables(geometry, TableWalker.PER_LEVEL, seed);
    SplittableRandom ranges = new SplittableRandom(seed);
    for (int i = 0; i < RANGES; i++) {
      long a = RandomTables.address(random, ranges);
      long b = RandomTables.address(random, ranges);
      Cover cover = new Cover(geometry, Math.min(a, b));
      PageTables tables = random.tables();
      tables.lock();
      LevelWalk.locked(tables, Math.min(a, b), Math.max(a, b), cover);
      tables.unlock();
      assertThat(cover.at).as("seed %d", seed).isEqualTo(Math.max(a, b));
    }
  }

  /** Checks that each call begins where the last one ended, and says the right depth. */
  private static final class Cover implements LevelOps {
    private final Geometry geometry;
    private long at;

    Cover(Geometry geometry, long start) {
      this.geometry = geometry;
      this.at = start;
    }

    @Override
    public int levels() {
      return 1 << Geometry.PUD | 1 << Geometry.PMD | 1 << Geometry.PTE;
    }

    private int cover(LevelWalk walk, long address, long next) {
      if (!Pte.isTable(walk.entry(), walk.table().level())) {
        assertThat(address).isEqualTo(at);
        at = next;
      }
      return 0;
    }

    @Override
    public int pudEntry(LevelWalk walk, long address, long next) {
      return cover(walk, address, next);
    }

    @Override
    public int pmdEntry(LevelWalk walk, long address, long next) {
      return cover(walk, address, next);
    }

    @Override
    public int pteEntry(LevelWalk walk, long address, long next) {
      return cover(walk, address, next);
    }

    @Override
    public int pteHole(long address, long next, int depth) {
      assertThat(address).isEqualTo(at);
      at = next;
      int level = Geometry.PGD - depth;
      assertThat(geometry.isFolded(level)).as("level of depth %d", depth).isFalse();
      assertThat(next - address).isLessThanOrEqualTo(geometry.bytes(level));
      return 0;
    }
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void bothClearTheSameEntries(Geometry geometry) {
    long seed = newSeed("clears", geometry);
    PageTables one = new RandomTables(geometry, TableWalker.PER_LEVEL, seed).tables();
    RandomTables random = new RandomTables(geometry, TableWalker.LEAF, seed);
    PageTables other = random.tables();
    SplittableRandom ranges = new SplittableRandom(seed);
    for (int i = 0; i < RANGES; i++) {
      long a = RandomTables.address(random, ranges);
      long b = RandomTables.address(random, ranges);
      assertThat(cleared(one, Math.min(a, b), Math.max(a, b)))
          .as("seed %d, range %d", seed, i)
          .isEqualTo(cleared(other, Math.min(a, b), Math.max(a, b)));
    }
    assertThat(cleared(one, 0, geometry.userEnd()))
        .isEqualTo(cleared(other, 0, geometry.userEnd()));
    assertThat(shown(TableWalker.LEAF::forEachLeaf, one, 0, geometry.userEnd())).isEmpty();
    one.freeEmptyTables(0, geometry.userEnd());
    assertThat(one.nrTables()).isEqualTo(1);
  }

  private static List<String> cleared(PageTables tables, long start, long end) {
    List<String> lines = new ArrayList<>();
    try {
      tables.clearRange(start, end, (at, level, entry) -> lines.add(text(at, level, entry)));
    } catch (MmException e) {
      lines.add(e.getMessage());
    }
    return lines;
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void theCursorSeesWhatTheTablesSay(Geometry geometry) {
    long seed = newSeed("seeks", geometry);
    RandomTables random = new RandomTables(geometry, TableWalker.PER_LEVEL, seed);
    SplittableRandom addresses = new SplittableRandom(seed);
    LeafCursor cursor = new LeafCursor();
    for (int i = 0; i < 3_000; i++) {
      long at = RandomTables.address(random, addresses);
      Leaf leaf = random.tables().find(at);
      assertThat(cursor.seekLeaf(random.tables(), at)).as("seed %d", seed).isEqualTo(leaf != null);
      assertThat(cursor.start() <= at && at < cursor.end()).isTrue();
      assertThat(cursor.isUnchanged()).isTrue();
      assertThat(cursor.upper(Geometry.PGD)).isSameAs(random.tables().root());
      if (leaf != null) {
        assertThat(cursor.start()).isEqualTo(leaf.address());
        assertThat(cursor.end()).isEqualTo(leaf.end());
        assertThat(cursor.pfnOf(at)).isEqualTo(leaf.pfnOf(at));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void aWalkerWithABugIsCaught(Geometry geometry) {
    long seed = newSeed("canary", geometry);
    List<Way> broken =
        List.of(
            WalkersAgreeTest::forgetsTheLast,
            WalkersAgreeTest::takesGroupsForEntries,
            WalkersAgreeTest::missesSwap);
    for (Way way : broken) {
      boolean hasGroups = geometry.hugetlbBytes().size() > 2 || !geometry.leafAllowed(Geometry.PMD);
      if (way.equals(broken.get(1)) && !hasGroups) {
        continue;
      }
      assertThatThrownBy(() -> compare(geometry, seed, TableWalker.PER_LEVEL::forEachLeaf, way))
          .as("seed %d", seed)
          .isInstanceOf(AssertionError.class);
    }
  }

  /** Stops one entry too early, as a loop in steps of sixteen might. */
  private static void forgetsTheLast(PageTables tables, long start, long end, LeafVisitor visitor) {
    TableWalker.LEAF.forEachLeaf(
        tables,
        start,
        end,
        (at, level, entry) -> {
          if (tables.lowestTable(at).index(at) % 16 != 15) {
            visitor.leaf(at, level, entry);
          }
        });
  }

  /** Knows of no groups: sees each entry as a leaf of its own. */
  private static void takesGroupsForEntries(
      PageTables tables, long start, long end, LeafVisitor visitor) {
    TableWalker.LEAF.forEachLeaf(
        tables,
        start,
        end,
        (at, level, entry) -> {
          int nr = Pte.isContiguous(entry) ? tables.geometry().contiguous(level) : 1;
          for (int i = 0; i < nr; i++) {
            visitor.leaf(at + i * tables.geometry().bytes(level), level, entry);
          }
        });
  }

  /** Takes what is not present for none. */
  private static void missesSwap(PageTables tables, long start, long end, LeafVisitor visitor) {
    TableWalker.LEAF.forEachLeaf(
        tables,
        start,
        end,
        (at, level, entry) -> {
          if (Pte.isPresent(entry)) {
            visitor.leaf(at, level, entry);
          }
        });
  }
}
