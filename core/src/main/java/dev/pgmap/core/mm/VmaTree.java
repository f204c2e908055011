package dev.pgmap.core.mm;

import dev.pgmap.core.phys.PageMath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The areas of one mm by address. Guarded by the mmap lock. */
final class VmaTree {
  /** {@code mmap_min_addr}: nothing is mapped below. */
  static final long LOWEST = 0x1_0000;

  private final TreeMap<Long, Vma> byStart = new TreeMap<>();

  @Nullable Vma find(long address) {
    Map.Entry<Long, Vma> floor = byStart.floorEntry(address);
    return floor != null && floor.getValue().contains(address) ? floor.getValue() : null;
  }

  List<Vma> overlapping(long start, long end) {
    Vma first = find(start);
    List<Vma> found = new ArrayList<>();
    if (first != null && first.start() < start) {
      found.add(first);
    }
    found.addAll(byStart.subMap(start, end).values());
    return found;
  }

  List<Vma> all() {
    return List.copyOf(byStart.values());
  }

  void add(Vma vma) {
    byStart.put(vma.start(), vma);
  }

  void remove(Vma vma) {
    byStart.remove(vma.start(), vma);
  }

  /**
   * The highest free place below {@code top}.
   *
   * @param align a power of two
   * @param offset the address found is equal to it modulo {@code align}
   * @return the address, or -1 if nothing fits
   */
  long findGap(long bytes, long align, long offset, long top) {
    long gapEnd = top;
    for (Vma vma : byStart.descendingMap().values()) {
      long at = place(vma.end(), gapEnd, bytes, align, offset);
      if (at >= 0) {
        return at;
      }
      gapEnd = vma.start();
    }
    return place(LOWEST, gapEnd, bytes, align, offset);
  }

  private static long place(long gapStart, long gapEnd, long bytes, long align, long offset) {
    long remainder = offset & (align - 1);
    long highest = gapEnd - bytes - remainder;
    long at = PageMath.alignDown(highest, align) + remainder;
    return highest >= 0 && at >= gapStart ? at : -1;
  }
}
