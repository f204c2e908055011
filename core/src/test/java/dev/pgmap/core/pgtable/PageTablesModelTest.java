package dev.pgmap.core.pgtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.MmException;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random insertions and clears, held against a sorted map of leaves. */
class PageTablesModelTest {
  private static final int STEPS = 20_000;
  private static final long BITS = Pte.PRESENT | Pte.USER;

  private record Mapped(int level, long pfn) {}

  private final TreeMap<Long, Mapped> model = new TreeMap<>();

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void randomInsertionsAndClearsAgreeWithASortedMap(int levels) {
    long seed = System.nanoTime();
    System.out.println("PageTablesModelTest seed " + seed + ", " + levels + " levels");
    Geometry g = Geometry.x86(levels);
    PageTables tables = new PageTables(g);
    SplittableRandom random = new SplittableRandom(seed);
    long base = (1L << (levels == 4 ? 46 : 55)) - (2L << 30);
    for (int i = 0; i < STEPS; i++) {
      long at = base + (random.nextLong(4L << 30) & -4096L);
      switch (random.nextInt(8)) {
        case 0 -> clear(tables, at, at + (random.nextLong(1L << random.nextInt(13, 32)) & -4096L));
        case 1 -> lookUp(tables, at);
        default -> insert(tables, g, at, random);
      }
    }
    clear(tables, 0, g.userEnd());
    tables.freeEmptyTables(0, g.userEnd());
    assertThat(tables.nrTables()).isEqualTo(1);
  }

  private void insert(PageTables tables, Geometry g, long near, SplittableRandom random) {
    int level = random.nextInt(16) == 0 ? 2 : random.nextInt(2);
    long at = near & -g.bytes(level);
    long pfn = random.nextLong(1 << 20) << g.order(level);
    long end = at + g.bytes(level);
    tables.freeEmptyTables(at, end);
    boolean overlaps = !overlapping(at, end).isEmpty();
    tables.lock();
    try {
      long found = tables.insertLeaf(at, level, Pte.of(pfn, level == 0 ? BITS : BITS | Pte.PSE));
      Mapped there = model.get(at);
      if (found == 0) {
        assertThat(overlaps).isFalse();
        model.put(at, new Mapped(level, pfn));
      } else {
        assertThat(there).isEqualTo(new Mapped(level, Pte.pfn(found)));
      }
    } catch (MmException e) {
      assertThat(overlaps).as(e.getMessage()).isTrue();
    } finally {
      tables.unlock();
    }
  }

  private void clear(PageTables tables, long start, long end) {
    Map<Long, Mapped> expected = overlapping(start, end);
    boolean whole =
        expected.entrySet().stream()
            .allMatch(e -> e.getKey() >= start && e.getKey() + bytes(e.getValue()) <= end);
    TreeMap<Long, Mapped> cleared = new TreeMap<>();
    if (!whole) {
      assertThatThrownBy(() -> tables.clearRange(start, end, (a, l, e) -> cleared.put(a, null)))
          .isInstanceOf(MmException.class);
      assertThat(cleared).isEmpty();
      return;
    }
    tables.clearRange(
        start,
        end,
        (address, level, entry) -> {
          assertThat(cleared.isEmpty() || cleared.lastKey() < address).isTrue();
          cleared.put(address, new Mapped(level, Pte.pfn(entry)));
        });
    assertThat(cleared).isEqualTo(expected);
    model.keySet().removeAll(cleared.keySet());
  }

  private void lookUp(PageTables tables, long at) {
    Map.Entry<Long, Mapped> floor = model.floorEntry(at);
    Leaf found = tables.find(at);
    if (floor == null || floor.getKey() + bytes(floor.getValue()) <= at) {
      assertThat(found).isNull();
    } else {
      assertThat(found.address()).isEqualTo(floor.getKey());
      assertThat(found.pfnOf(at)).isEqualTo(floor.getValue().pfn + ((at - floor.getKey()) >> 12));
    }
  }

  private static long bytes(Mapped mapped) {
    return 4096L << 9 * mapped.level;
  }

  private Map<Long, Mapped> overlapping(long start, long end) {
    if (start >= end) {
      return new TreeMap<>();
    }
    Long from = model.floorKey(start);
    boolean reaches = from != null && from + bytes(model.get(from)) > start;
    return new TreeMap<>(model.subMap(reaches ? from : start, end));
  }
}
