package dev.pgmap.bench.stress;

import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.PageLayout;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.page.SubsectionMap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two struct pages of a test, in host memory as in a machine.
 *
 * <p>A test makes millions of them, so they are taken round and round from one block. It is far
 * larger than the number of states that jcstress has in use at a time.
 */
final class Folio {
  private static final int NR_FOLIOS = 1 << 18;
  private static final long FOLIO_BYTES = 2 * PageLayout.RECORD_BYTES;
  private static final MemorySegment BLOCK =
      Arena.global().allocate(NR_FOLIOS * FOLIO_BYTES, FOLIO_BYTES);
  private static final AtomicInteger NEXT = new AtomicInteger();

  /** The page frame number that its counts are reported under. */
  static final long PFN = 0x1000;

  private static final PageRefs REFS = new PageRefs();
  private static final StructPages PAGES =
      new StructPages(new SubsectionMap(SubsectionMap.SUBSECTION_PAGES));

  private final long rec;

  Folio(int count, boolean base) {
    int slot = NEXT.getAndIncrement() & (NR_FOLIOS - 1);
    rec = BLOCK.address() + slot * FOLIO_BYTES;
    PAGES.init(rec, 0, 0);
    PAGES.init(rec + PageLayout.PAGE1, 0, 0);
    PAGES.prepHead(rec, 1);
    REFS.set(PFN, rec, count, base);
  }

  int count() {
    return REFS.count(rec);
  }

  boolean tryGet() {
    return REFS.modUnless(PFN, rec, 1);
  }

  /** Whether this put was the final one. */
  boolean put() {
    return REFS.modAndTest(PFN, rec, -1);
  }

  /** Whether nobody used the page any more. */
  boolean dropBase() {
    return REFS.dropBase(PFN, rec);
  }

  void pin() {
    PAGES.addPincount(PFN, rec, 1);
  }

  void unpin() {
    PAGES.addPincount(PFN, rec, -1);
  }

  int pincount() {
    return PAGES.pincount(rec);
  }

  /** Makes the page the first one of a file, as a fault does. */
  void publish(long mapping, long index) {
    PAGES.setIndex(rec, index);
    PAGES.setMapping(rec, mapping);
  }

  long mapping() {
    return PAGES.mapping(rec);
  }

  long index() {
    return PAGES.index(rec);
  }

  void markReferenced() {
    PAGES.setFlag(rec, PageFlag.REFERENCED);
  }

  void markDirty() {
    PAGES.setFlag(rec, PageFlag.DIRTY);
  }

  boolean isReferencedAndDirty() {
    return PAGES.testFlag(rec, PageFlag.REFERENCED) && PAGES.testFlag(rec, PageFlag.DIRTY);
  }

  /** A get made of two steps, as no engine must have it. */
  void getInTwoSteps() {
    REFS.set(PFN, rec, REFS.count(rec) + 1, true);
  }
}
