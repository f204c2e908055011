package dev.pgmap.core.fsdax;

import dev.pgmap.api.MmException;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.sync.Mutex;

/**
 * The pages of zeroes that a hole is read from: the zero page, and the huge zero page, which is
 * kept once it was wanted. Thread-safe.
 */
public final class ZeroPages {
  /** What {@link #huge} says if there is no room for it. */
  static final long NONE = -1;

  private final MmContext mm;
  private final Mutex lock = new Mutex();
  private long huge = NONE;

  ZeroPages(MmContext mm) {
    this.mm = mm;
  }

  /** {@code my_zero_pfn}. */
  long base() {
    return mm.ordinary().zeroPfn();
  }

  /** {@code mm_get_huge_zero_folio}: its first pfn, or {@link #NONE} without room in RAM. */
  long huge() {
    lock.lock();
    try {
      if (huge == NONE) {
        huge = mm.ordinary().hugePages().getZero(mm);
      }
      return huge;
    } catch (MmException noRoom) {
      return NONE;
    } finally {
      lock.unlock();
    }
  }
}
