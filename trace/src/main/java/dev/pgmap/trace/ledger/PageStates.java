package dev.pgmap.trace.ledger;

import dev.pgmap.trace.ledger.order.CountState;
import java.util.Arrays;

/**
 * What is known of each page, by a small number. For one thread.
 *
 * <p>Arrays side by side, no object per page. Once more pages are idle than the limit says, those
 * that were not seen since the last clearing are forgotten: they come back as pages whose count is
 * unknown.
 */
final class PageStates {
  static final int NONE = -1;

  /** The count is known. */
  static final int KNOWN = 1;

  /** The count at the end of what waits in the sequencer is known. */
  static final int TAIL_KNOWN = 1 << 1;

  /** What waits in the sequencer does not fit in the order of stamps. */
  static final int CONFLICT = 1 << 2;

  /** Frozen: the count is 0, though references are out. */
  static final int FROZEN = 1 << 3;

  /** The head of a large folio. */
  static final int LARGE = 1 << 4;

  /** A result said that events of this page are missing. */
  static final int INCOMPLETE = 1 << 5;

  /** A put too many: until the count is set anew it is less than what is held. */
  static final int SHORT = 1 << 6;

  /** Seen since the last clearing. */
  private static final int TOUCHED = 1 << 7;

  private static final int FREE = 1 << 8;

  /** A release was put down to what does not fit it, in an order that is not certain. */
  static final int UNFIT = 1 << 9;

  // Where a page's numbers are: a line of ints, and some longs.

  private static final int FLAGS = 0;
  private static final int VALUE = 1;
  private static final int TAIL_VALUE = 2;
  private static final int EPOCH = 3;
  private static final int LOTS = 4;
  private static final int LOT_REFS = 5;
  private static final int FIRST_PENDING = 6;
  private static final int LAST_PENDING = 7;
  private static final int NR_PENDING = 8;
  private static final int PUT_STACK = 9;
  private static final int PUT_PID = 10;
  private static final int LAST_CPU = 11;
  private static final int INTS = 16;

  private static final int PFN = 0;
  private static final int PUT_STAMP = 1;
  private static final int LAST_STAMP = 2;
  private static final int OTHER_STAMP = 3;

  private static final int LONGS = 4;

  private final int maxIdle;
  private final PfnIndex index = new PfnIndex();
  private int[] ints = new int[256 * INTS];
  private long[] longs = new long[256 * LONGS];
  private int size;
  private int firstFree = NONE;
  private int nrFree;
  private int clearAt;
  private long forgotten;

  PageStates(int maxIdle) {
    this.maxIdle = maxIdle;
    this.clearAt = maxIdle;
  }

  private int get(int page, int field) {
    return ints[page * INTS + field];
  }

  private void put(int page, int field, int number) {
    ints[page * INTS + field] = number;
  }

  private long getLong(int page, int field) {
    return longs[page * LONGS + field];
  }

  private void putLong(int page, int field, long number) {
    longs[page * LONGS + field] = number;
  }

  /** The page of a pfn, a new one if need be; {@code epochNow} is that of a new one. */
  int claim(long pfnWanted, int epochNow) {
    int page = index.get(pfnWanted);
    if (page == NONE) {
      page = allocate();
      index.put(pfnWanted, page);
      putLong(page, PFN, pfnWanted);
      put(page, EPOCH, epochNow);
      put(page, LOTS, LotTable.NONE);
    }
    set(page, TOUCHED, true);
    return page;
  }

  /** The page of a pfn, or {@link #NONE}. */
  int find(long pfnWanted) {
    return index.get(pfnWanted);
  }

  private int allocate() {
    if (firstFree == NONE && size - nrFree >= clearAt) {
      forgetIdle();
    }
    if (firstFree != NONE) {
      int page = firstFree;
      firstFree = get(page, LOTS);
      nrFree--;
      reset(page);
      return page;
    }
    if (size * INTS == ints.length) {
      grow(size * 2);
    }
    reset(size);
    return size++;
  }

  private void reset(int page) {
    put(page, FLAGS, 0);
    put(page, VALUE, 0);
    put(page, TAIL_VALUE, 0);
    put(page, LOT_REFS, 0);
    put(page, NR_PENDING, 0);
    put(page, PUT_STACK, 0);
    put(page, PUT_PID, NONE);
    putLong(page, PUT_STAMP, 0);
    put(page, LAST_CPU, NONE);
    putLong(page, LAST_STAMP, Long.MIN_VALUE);
    putLong(page, OTHER_STAMP, Long.MIN_VALUE);
  }

  /** Forgets pages with nothing outstanding that were not seen since the last time. */
  private void forgetIdle() {
    for (int page = 0; page < size; page++) {
      if ((get(page, FLAGS) & FREE) != 0) {
        continue;
      }
      boolean idle = get(page, LOTS) == LotTable.NONE && get(page, NR_PENDING) == 0;
      if (idle && (get(page, FLAGS) & TOUCHED) == 0) {
        index.remove(getLong(page, PFN));
        put(page, FLAGS, FREE);
        put(page, LOTS, firstFree);
        firstFree = page;
        nrFree++;
        forgotten++;
      }
      set(page, TOUCHED, false);
    }
    // If few were idle, the next clearing waits until as many pages again have come.
    int used = size - nrFree;
    clearAt = Math.max(used + maxIdle / 2, maxIdle);
  }

  private void grow(int to) {
    ints = Arrays.copyOf(ints, to * INTS);
    longs = Arrays.copyOf(longs, to * LONGS);
  }

  /** One more than the largest number of a page. */
  int size() {
    return size;
  }

  boolean isUsed(int page) {
    return (get(page, FLAGS) & FREE) == 0;
  }

  /** How many idle pages were forgotten. */
  long forgotten() {
    return forgotten;
  }

  long pfn(int page) {
    return getLong(page, PFN);
  }

  boolean has(int page, int flag) {
    return (get(page, FLAGS) & flag) != 0;
  }

  void set(int page, int flag, boolean on) {
    put(page, FLAGS, on ? get(page, FLAGS) | flag : get(page, FLAGS) & ~flag);
  }

  void loadCount(int page, CountState into) {
    into.load(has(page, KNOWN), get(page, VALUE));
  }

  void storeCount(int page, CountState from) {
    set(page, KNOWN, from.isKnown());
    put(page, VALUE, from.value());
  }

  void loadTail(int page, CountState into) {
    into.load(has(page, TAIL_KNOWN), get(page, TAIL_VALUE));
  }

  void storeTail(int page, CountState from) {
    set(page, TAIL_KNOWN, from.isKnown());
    put(page, TAIL_VALUE, from.value());
  }

  /** Forgets the count if events were lost since it was seen last. */
  void enter(int page, int epochNow) {
    if (get(page, EPOCH) != epochNow) {
      put(page, EPOCH, epochNow);
      set(page, KNOWN | TAIL_KNOWN | FROZEN | CONFLICT | SHORT, false);
      put(page, VALUE, 0);
      put(page, TAIL_VALUE, 0);
    }
  }

  int value(int page) {
    return get(page, VALUE);
  }

  /** The first lot, or {@link LotTable#NONE}. */
  int lots(int page) {
    return get(page, LOTS);
  }

  void setLots(int page, int first) {
    put(page, LOTS, first);
  }

  /** How much of the count the lots are. */
  int lotRefs(int page) {
    return get(page, LOT_REFS);
  }

  void addLotRefs(int page, int refs) {
    put(page, LOT_REFS, get(page, LOT_REFS) + refs);
  }

  int firstPending(int page) {
    return get(page, FIRST_PENDING);
  }

  int lastPending(int page) {
    return get(page, LAST_PENDING);
  }

  int nrPending(int page) {
    return get(page, NR_PENDING);
  }

  void setPending(int page, int first, int last, int nr) {
    put(page, FIRST_PENDING, first);
    put(page, LAST_PENDING, last);
    put(page, NR_PENDING, nr);
  }

  /** Notes where and when the page's count changed. */
  void noteChange(int page, int cpu, long stamp) {
    if (get(page, LAST_CPU) != cpu) {
      putLong(page, OTHER_STAMP, getLong(page, LAST_STAMP));
      put(page, LAST_CPU, cpu);
    }
    putLong(page, LAST_STAMP, Math.max(getLong(page, LAST_STAMP), stamp));
  }

  /** When the count was last changed on another cpu; the least long if it never was. */
  long lastChangeElsewhere(int page, int cpu) {
    return get(page, LAST_CPU) != cpu ? getLong(page, LAST_STAMP) : getLong(page, OTHER_STAMP);
  }

  /** Notes the latest release of the page. */
  void notePut(int page, int stack, int pid, long stamp) {
    put(page, PUT_STACK, stack);
    put(page, PUT_PID, pid);
    putLong(page, PUT_STAMP, stamp);
  }

  int putStack(int page) {
    return get(page, PUT_STACK);
  }

  /** Who released last; {@link #NONE} if nobody did. */
  int putPid(int page) {
    return get(page, PUT_PID);
  }

  long putStamp(int page) {
    return getLong(page, PUT_STAMP);
  }
}
