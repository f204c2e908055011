package dev.pgmap.trace.record;

import dev.pgmap.trace.ring.RingPage;
import dev.pgmap.trace.ring.Words;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The pages of one lane, off-heap.
 *
 * <p>Pages are numbered from 0 as they are begun, for ever; page n is in slot n modulo {@link
 * #nrPages}. One thread writes. Any thread may copy a page at any time: it notes which number the
 * slot has, copies, and looks again. The writer marks a slot as changing before it reuses it and
 * names the new number only when the page is empty and stamped, so a copy whose number did not
 * change holds whole events up to its commit. Assumption: commit is stored last, with release.
 */
final class LaneBuffer {
  static final int PAGE_BYTES = 4096;

  private static final VarHandle NUMBER = MethodHandles.arrayElementVarHandle(long[].class);
  private static final long CHANGING = -1;

  private final int nrPages;
  private final MemorySegment memory;
  private final long base;
  private final long[] numbers;

  /** Events of the lane before the page: those that were kept, and those that were lost. */
  private final long[] kept;

  private final long[] lost;

  /** The same before the first page of all. */
  private volatile long keptAtStart;

  private volatile long lostAtStart;

  private volatile long begun;

  /** Pages that were consumed; where nothing may be overwritten, the writer stops before them. */
  private volatile long consumed;

  LaneBuffer(int nrPages) {
    this.nrPages = nrPages;
    this.memory = Arena.ofAuto().allocate((long) nrPages * PAGE_BYTES, PAGE_BYTES);
    this.base = memory.address();
    this.numbers = new long[nrPages];
    this.kept = new long[nrPages];
    this.lost = new long[nrPages];
    Arrays.fill(numbers, CHANGING);
  }

  int nrPages() {
    return nrPages;
  }

  /** Pages begun so far; the last of them is being written. */
  long begun() {
    return begun;
  }

  /** The oldest page that is still there. */
  long oldest() {
    return Math.max(0, begun - nrPages);
  }

  /** Pages that a consumer is done with. */
  long consumed() {
    return consumed;
  }

  /** A consumer is done with all pages before this one. */
  void consume(long page) {
    consumed = Math.max(consumed, page);
  }

  /** Whether the writer may begin a page without overwriting one that was not consumed. */
  boolean hasRoom() {
    return begun - consumed < nrPages;
  }

  /**
   * Begins a page; the writer alone.
   *
   * @param keptBefore events of the lane before it that were kept
   * @param lostBefore those that were lost
   * @return its address
   */
  long begin(long stamp, long keptBefore, long lostBefore) {
    long number = begun;
    if (number == 0) {
      keptAtStart = keptBefore;
      lostAtStart = lostBefore;
    }
    int slot = (int) (number % nrPages);
    NUMBER.setOpaque(numbers, slot, CHANGING);
    VarHandle.storeStoreFence();
    long page = base + (long) slot * PAGE_BYTES;
    Words.putLong(page + RingPage.TIME_STAMP, stamp);
    Words.putLong(page + RingPage.COMMIT, 0);
    kept[slot] = keptBefore;
    lost[slot] = lostBefore;
    NUMBER.setRelease(numbers, slot, number);
    begun = number + 1;
    return page;
  }

  /** Bytes of events on a page now; 0 if it is not there any more. */
  int committed(long number) {
    int slot = (int) (number % nrPages);
    if ((long) NUMBER.getAcquire(numbers, slot) != number) {
      return 0;
    }
    return (int) Words.getLongAcquire(base + (long) slot * PAGE_BYTES + RingPage.COMMIT);
  }

  /** Events of the lane before its first page here: those that were kept. */
  long keptAtStart() {
    return keptAtStart;
  }

  /** Events of the lane before its first page here: those that were lost. */
  long lostAtStart() {
    return lostAtStart;
  }

  /** What the lane had kept and lost before some page. */
  record Before(long kept, long lost) {}

  /**
   * Copies a page.
   *
   * @return what was before it, or null if it is not there any more; {@code to} is garbage then
   */
  @Nullable Before copy(long number, MemorySegment to) {
    int slot = (int) (number % nrPages);
    if ((long) NUMBER.getAcquire(numbers, slot) != number) {
      return null;
    }
    long offset = (long) slot * PAGE_BYTES;
    long commit = Words.getLongAcquire(base + offset + RingPage.COMMIT);
    MemorySegment.copy(memory, offset, to, 0, PAGE_BYTES);
    to.set(ValueLayout.JAVA_LONG, RingPage.COMMIT, commit);
    Before before = new Before(kept[slot], lost[slot]);
    VarHandle.loadLoadFence();
    return (long) NUMBER.getOpaque(numbers, slot) == number ? before : null;
  }
}
