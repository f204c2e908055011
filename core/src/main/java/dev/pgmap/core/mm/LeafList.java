package dev.pgmap.core.mm;

import java.util.Arrays;

/**
 * Where the entries of an area are, in address order: for loops that cannot hold the page-table
 * lock all the time. What is there by the time is read again, under the lock.
 */
final class LeafList {
  private static final int LEVEL_MASK = 7;

  private long[] places = new long[64];
  private int size;

  private LeafList() {}

  static LeafList of(Vma vma) {
    return of(vma, vma.start(), vma.end());
  }

  /** Of a part of an area; an entry that lies across its start is listed with its own start. */
  static LeafList of(Vma vma, long start, long end) {
    LeafList list = new LeafList();
    vma.mm().tables().forEachLeaf(start, end, (address, level, entry) -> list.add(address, level));
    return list;
  }

  private void add(long address, int level) {
    if (size == places.length) {
      places = Arrays.copyOf(places, 2 * size);
    }
    places[size++] = address | level;
  }

  int size() {
    return size;
  }

  long address(int i) {
    return places[i] & ~LEVEL_MASK;
  }

  int level(int i) {
    return (int) places[i] & LEVEL_MASK;
  }
}
