package dev.pgmap.core.devmem;

import dev.pgmap.api.pgmap.Pagemap;
import dev.pgmap.api.pgmap.PhysRange;

/** A chunk of {@link ChunkedMemory}; whether it leaves changes under the lock of the lists. */
final class Chunk {
  private final Pagemap pgmap;
  private final PhysRange range;
  private boolean leaving;

  Chunk(Pagemap pgmap, PhysRange range) {
    this.pgmap = pgmap;
    this.range = range;
  }

  Pagemap pgmap() {
    return pgmap;
  }

  PhysRange range() {
    return range;
  }

  long firstPfn() {
    return range.firstPfn();
  }

  long endPfn() {
    return range.endPfn();
  }

  int npages() {
    return (int) range.nrPages();
  }

  boolean holds(long pfn) {
    return pfn >= range.firstPfn() && pfn < range.endPfn();
  }

  boolean isLeaving() {
    return leaving;
  }

  void setLeaving() {
    leaving = true;
  }
}
