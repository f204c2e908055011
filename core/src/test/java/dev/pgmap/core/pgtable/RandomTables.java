package dev.pgmap.core.pgtable;

import dev.pgmap.api.MmException;
import dev.pgmap.core.phys.AllocFaults;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Tables filled at random with every kind of entry that a geometry has: leaves of each size,
 * groups, devmap, special, read-only, clean and dirty, swap-like. The same seed gives the same
 * tables.
 */
final class RandomTables {
  private static final int HOT_SPOTS = 6;
  private static final int TRIES = 900;
  private static final long PFNS = 1L << 34;

  private final Geometry geometry;
  private final SplittableRandom random;
  private final List<Long> hotSpots = new ArrayList<>();
  private final PageTables tables;

  RandomTables(Geometry geometry, TableWalker walker, long seed) {
    this.geometry = geometry;
    this.random = new SplittableRandom(seed);
    this.tables = new PageTables(geometry, walker, new AllocFaults());
    long largest = geometry.hugetlbBytes().getLast();
    for (int i = 0; i < HOT_SPOTS; i++) {
      hotSpots.add(random.nextLong(geometry.userEnd() - 8 * largest) & -geometry.pageBytes());
    }
    tables.lock();
    for (int i = 0; i < TRIES; i++) {
      insert();
    }
    tables.unlock();
  }

  PageTables tables() {
    return tables;
  }

  /** An address near what is mapped, a multiple of the base page. */
  static long address(RandomTables of, SplittableRandom random) {
    long spot = of.hotSpots.get(random.nextInt(HOT_SPOTS));
    long far = of.geometry.hugetlbBytes().getLast() * 3;
    long range =
        1L << random.nextInt(of.geometry.shift(0) + 1, Long.numberOfTrailingZeros(far & -far) + 2);
    long at = spot + random.nextLong(-range, range);
    return Math.clamp(at, 0, of.geometry.userEnd() - 1) & -of.geometry.pageBytes();
  }

  private void insert() {
    int level = level();
    boolean group =
        geometry.contiguous(level) > 1 && (random.nextInt(4) == 0 || !geometry.leafAllowed(level));
    long bytes = geometry.bytes(level) * (group ? geometry.contiguous(level) : 1);
    long at = address(this, random) & -bytes;
    int run = level == 0 && !group ? random.nextInt(1, 40) : random.nextInt(1, 4);
    for (int i = 0; i < run; i++, at += bytes) {
      try {
        insert(at, level, group, bytes);
      } catch (MmException e) {
        return;
      }
    }
  }

  private void insert(long at, int level, boolean group, long bytes) {
    long pfn = random.nextLong(PFNS) & -(bytes >>> 12);
    if (!group && level <= Geometry.PMD && random.nextInt(6) == 0 && geometry.leafAllowed(level)) {
      SwapEntry.Kind[] kinds = SwapEntry.Kind.values();
      tables.insertSwap(at, level, SwapEntry.of(kinds[random.nextInt(kinds.length)], pfn));
      return;
    }
    tables.insertLeaf(at, level, Pte.of(pfn, bits(level, group)));
  }

  private int level() {
    int level = random.nextInt(12);
    level = level == 0 ? Geometry.PUD : level < 4 ? Geometry.PMD : Geometry.PTE;
    boolean any = geometry.leafAllowed(level) || geometry.contiguous(level) > 1;
    return any && !geometry.isFolded(level) ? level : Geometry.PTE;
  }

  private long bits(int level, boolean group) {
    long bits = Pte.PRESENT | Pte.USER;
    bits |= level > 0 ? Pte.PSE : 0;
    bits |= group ? Pte.CONT : 0;
    bits |= random.nextBoolean() ? Pte.RW : 0;
    bits |= random.nextBoolean() ? Pte.ACCESSED : 0;
    bits |= random.nextBoolean() ? Pte.DIRTY : 0;
    if (!group) {
      bits |=
          switch (random.nextInt(5)) {
            case 0 -> Pte.DEVMAP;
            case 1 -> Pte.SPECIAL;
            default -> 0;
          };
    }
    return bits;
  }
}
