package dev.pgmap.core.mm;

import dev.pgmap.core.sync.RwSemaphore;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code struct anon_vma}: all areas that may map the same anonymous pages. An area that is split,
 * moved or forked stays in it, with everything that comes of it.
 *
 * <p>Kernels give each child a list of its own, to walk fewer areas; what a walk finds is the same.
 *
 * <p>Threading: one lock, after the mmap lock and the lock of a file, before the page-table lock.
 * Walks hold it as readers; changes of the list, and moves of page tables, as the only one.
 */
final class AnonVma {
  private static final long ANON_BIT = 1;

  private final long id;
  private final AnonVmas registry;
  private final RwSemaphore lock = new RwSemaphore();
  private final List<Vma> areas = new ArrayList<>();
  private volatile boolean used;

  AnonVma(long id, AnonVmas registry) {
    this.id = id;
    this.registry = registry;
  }

  /** The number in {@code mapping} of its pages; the low bit says that they are anonymous. */
  long mapping() {
    return id << 2 | ANON_BIT;
  }

  /** Whether any page was ever anonymous memory of its areas: else a fork has nothing to copy. */
  boolean isUsed() {
    return used;
  }

  void setUsed() {
    if (!used) {
      used = true;
    }
  }

  void lockRead() {
    lock.lockRead();
  }

  void unlockRead() {
    lock.unlockRead();
  }

  void lockWrite() {
    lock.lockWrite();
  }

  void unlockWrite() {
    lock.unlockWrite();
  }

  /** The areas now; the caller holds the lock. */
  List<Vma> areas() {
    return areas;
  }

  void link(Vma vma) {
    lock.lockWrite();
    areas.add(vma);
    lock.unlockWrite();
  }

  /** Replaces an area by what is left of it, in one step; the last one takes the number with it. */
  void replace(Vma vma, List<Vma> parts) {
    lock.lockWrite();
    areas.remove(vma);
    areas.addAll(parts);
    boolean empty = areas.isEmpty();
    lock.unlockWrite();
    if (empty) {
      registry.forget(this);
    }
  }
}
