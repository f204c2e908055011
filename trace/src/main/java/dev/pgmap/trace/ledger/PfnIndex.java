package dev.pgmap.trace.ledger;

import java.util.Arrays;

/**
 * Small numbers, not negative, by pfn: a hash table of primitives with linear probing. For one
 * thread.
 */
public final class PfnIndex {
  private static final int MIN_CAPACITY = 512;

  private long[] keys = new long[MIN_CAPACITY];
  private int[] pages = filled(MIN_CAPACITY);
  private int size;

  private static int[] filled(int capacity) {
    int[] all = new int[capacity];
    Arrays.fill(all, PageStates.NONE);
    return all;
  }

  /** The number of a pfn; -1 if it has none. */
  public int get(long pfn) {
    return pages[slot(pfn)];
  }

  /** Gives a pfn a number, in place of what it had. */
  public void put(long pfn, int page) {
    if (size * 2 >= keys.length) {
      rehash();
    }
    int at = slot(pfn);
    if (pages[at] == PageStates.NONE) {
      size++;
    }
    keys[at] = pfn;
    pages[at] = page;
  }

  /** Removes a pfn that is there; what was pushed aside by it moves back. */
  void remove(long pfn) {
    int hole = slot(pfn);
    pages[hole] = PageStates.NONE;
    size--;
    int mask = keys.length - 1;
    for (int at = hole + 1 & mask; pages[at] != PageStates.NONE; at = at + 1 & mask) {
      int home = home(keys[at]);
      boolean reachable = hole <= at ? hole < home && home <= at : hole < home || home <= at;
      if (!reachable) {
        keys[hole] = keys[at];
        pages[hole] = pages[at];
        pages[at] = PageStates.NONE;
        hole = at;
      }
    }
  }

  /** Tells all pfns with their numbers, in no order. */
  public void forEach(Visitor visitor) {
    for (int at = 0; at < keys.length; at++) {
      if (pages[at] != PageStates.NONE) {
        visitor.visit(keys[at], pages[at]);
      }
    }
  }

  /** Is told of a pfn and its number. */
  @FunctionalInterface
  public interface Visitor {
    /** One of them. */
    void visit(long pfn, int number);
  }

  /** How many pfns have a number. */
  public int size() {
    return size;
  }

  private int slot(long pfn) {
    int at = home(pfn);
    while (pages[at] != PageStates.NONE && keys[at] != pfn) {
      at = at + 1 & keys.length - 1;
    }
    return at;
  }

  private int home(long pfn) {
    long hash = pfn * 0x9e3779b97f4a7c15L;
    return (int) (hash >>> 32) & keys.length - 1;
  }

  private void rehash() {
    long[] oldKeys = keys;
    int[] oldPages = pages;
    keys = new long[oldKeys.length * 2];
    pages = filled(keys.length);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldPages[i] != PageStates.NONE) {
        int at = slot(oldKeys[i]);
        keys[at] = oldKeys[i];
        pages[at] = oldPages[i];
      }
    }
  }
}
