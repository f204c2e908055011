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

  private final int maxIdle;
  private final PfnIndex index = new PfnIndex();

  private long[] pfn = new long[256];
  private int[] flags = new int[256];
  private int[] value = new int[256];
  private int[] floor = new int[256];
  private int[] tailValue = new int[256];
  private int[] tailFloor = new int[256];
  private int[] epoch = new int[256];
  private int[] lots = new int[256];
  private int[] lotRefs = new int[256];
  private int[] firstPending = new int[256];
  private int[] lastPending = new int[256];
  private int[] nrPending = new int[256];
  private int[] putStack = new int[256];
  private int[] putPid = new int[256];
  private long[] putStamp = new long[256];
  private int[] lastCpu = new int[256];
  private long[] lastStamp = new long[256];

  /** The latest stamp of another cpu than the last one. */
  private long[] otherStamp = new long[256];

  private int size;
  private int firstFree = NONE;
  private int nrFree;
  private int clearAt;
  private long forgotten;

  PageStates(int maxIdle) {
    this.maxIdle = maxIdle;
    this.clearAt = maxIdle;
  }

  /** The page of a pfn, a new one if need be; {@code epochNow} is that of a new one. */
  int claim(long pfnWanted, int epochNow) {
    int page = index.get(pfnWanted);
    if (page == NONE) {
      page = allocate();
      index.put(pfnWanted, page);
      pfn[page] = pfnWanted;
      epoch[page] = epochNow;
      lots[page] = LotTable.NONE;
    }
    flags[page] |= TOUCHED;
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
      firstFree = lots[page];
      nrFree--;
      reset(page);
      return page;
    }
    if (size == pfn.length) {
      grow(size * 2);
    }
    reset(size);
    return size++;
  }

  private void reset(int page) {
    flags[page] = 0;
    value[page] = 0;
    floor[page] = 0;
    tailValue[page] = 0;
    tailFloor[page] = 0;
    lotRefs[page] = 0;
    nrPending[page] = 0;
    putStack[page] = 0;
    putPid[page] = NONE;
    putStamp[page] = 0;
    lastCpu[page] = NONE;
    lastStamp[page] = Long.MIN_VALUE;
    otherStamp[page] = Long.MIN_VALUE;
  }

  /** Forgets pages with nothing outstanding that were not seen since the last time. */
  private void forgetIdle() {
    for (int page = 0; page < size; page++) {
      if ((flags[page] & FREE) != 0) {
        continue;
      }
      boolean idle = lots[page] == LotTable.NONE && nrPending[page] == 0;
      if (idle && (flags[page] & TOUCHED) == 0) {
        index.remove(pfn[page]);
        flags[page] = FREE;
        lots[page] = firstFree;
        firstFree = page;
        nrFree++;
        forgotten++;
      }
      flags[page] &= ~TOUCHED;
    }
    // If few were idle, the next clearing waits until as many pages again have come.
    int used = size - nrFree;
    clearAt = Math.max(used + maxIdle / 2, maxIdle);
  }

  private void grow(int to) {
    pfn = Arrays.copyOf(pfn, to);
    flags = Arrays.copyOf(flags, to);
    value = Arrays.copyOf(value, to);
    floor = Arrays.copyOf(floor, to);
    tailValue = Arrays.copyOf(tailValue, to);
    tailFloor = Arrays.copyOf(tailFloor, to);
    epoch = Arrays.copyOf(epoch, to);
    lots = Arrays.copyOf(lots, to);
    lotRefs = Arrays.copyOf(lotRefs, to);
    firstPending = Arrays.copyOf(firstPending, to);
    lastPending = Arrays.copyOf(lastPending, to);
    nrPending = Arrays.copyOf(nrPending, to);
    putStack = Arrays.copyOf(putStack, to);
    putPid = Arrays.copyOf(putPid, to);
    putStamp = Arrays.copyOf(putStamp, to);
    lastCpu = Arrays.copyOf(lastCpu, to);
    lastStamp = Arrays.copyOf(lastStamp, to);
    otherStamp = Arrays.copyOf(otherStamp, to);
  }

  /** One more than the largest number of a page. */
  int size() {
    return size;
  }

  boolean isUsed(int page) {
    return (flags[page] & FREE) == 0;
  }

  /** How many idle pages were forgotten. */
  long forgotten() {
    return forgotten;
  }

  long pfn(int page) {
    return pfn[page];
  }

  boolean has(int page, int flag) {
    return (flags[page] & flag) != 0;
  }

  void set(int page, int flag, boolean on) {
    flags[page] = on ? flags[page] | flag : flags[page] & ~flag;
  }

  void loadCount(int page, CountState into) {
    into.load(has(page, KNOWN), value[page], floor[page]);
  }

  void storeCount(int page, CountState from) {
    set(page, KNOWN, from.isKnown());
    value[page] = from.value();
    floor[page] = from.floor();
  }

  void loadTail(int page, CountState into) {
    into.load(has(page, TAIL_KNOWN), tailValue[page], tailFloor[page]);
  }

  void storeTail(int page, CountState from) {
    set(page, TAIL_KNOWN, from.isKnown());
    tailValue[page] = from.value();
    tailFloor[page] = from.floor();
  }

  /** Forgets the count if events were lost since it was seen last. */
  void enter(int page, int epochNow) {
    if (epoch[page] != epochNow) {
      epoch[page] = epochNow;
      flags[page] &= ~(KNOWN | TAIL_KNOWN | FROZEN | CONFLICT | SHORT);
      value[page] = 0;
      floor[page] = 0;
      tailValue[page] = 0;
      tailFloor[page] = 0;
    }
  }

  int value(int page) {
    return value[page];
  }

  /** The first lot, or {@link LotTable#NONE}. */
  int lots(int page) {
    return lots[page];
  }

  void setLots(int page, int first) {
    lots[page] = first;
  }

  /** How much of the count the lots are. */
  int lotRefs(int page) {
    return lotRefs[page];
  }

  void addLotRefs(int page, int refs) {
    lotRefs[page] += refs;
  }

  int firstPending(int page) {
    return firstPending[page];
  }

  int lastPending(int page) {
    return lastPending[page];
  }

  int nrPending(int page) {
    return nrPending[page];
  }

  void setPending(int page, int first, int last, int nr) {
    firstPending[page] = first;
    lastPending[page] = last;
    nrPending[page] = nr;
  }

  /** Notes where and when the page's count changed. */
  void noteChange(int page, int cpu, long stamp) {
    if (lastCpu[page] != cpu) {
      otherStamp[page] = lastStamp[page];
      lastCpu[page] = cpu;
    }
    lastStamp[page] = Math.max(lastStamp[page], stamp);
  }

  /** When the count was last changed on another cpu; the least long if it never was. */
  long lastChangeElsewhere(int page, int cpu) {
    return lastCpu[page] != cpu ? lastStamp[page] : otherStamp[page];
  }

  /** Notes the latest release of the page. */
  void notePut(int page, int stack, int pid, long stamp) {
    putStack[page] = stack;
    putPid[page] = pid;
    putStamp[page] = stamp;
  }

  int putStack(int page) {
    return putStack[page];
  }

  /** Who released last; {@link #NONE} if nobody did. */
  int putPid(int page) {
    return putPid[page];
  }

  long putStamp(int page) {
    return putStamp[page];
  }
}
