package dev.pgmap.trace.ledger;

import dev.pgmap.trace.refs.PageRef;
import dev.pgmap.trace.refs.PageRefKind;
import java.util.Arrays;

/**
 * A queue of changes in order of their stamps, and a list of those of each page. Arrays side by
 * side, no object per change. For one thread.
 *
 * <p>A change is known by its number in the queue; numbers go up and wrap around. Changes of one
 * page can trade places; the places stay where they are, and so does the time when each is due.
 */
final class PendingChanges {
  private static final PageRef.Large[] LARGE = PageRef.Large.values();

  private int head;
  private int tail;

  private int[] page = new int[256];
  private byte[] kind = new byte[256];
  private byte[] large = new byte[256];
  private int[] val = new int[256];
  private int[] ret = new int[256];
  private int[] count = new int[256];
  private int[] pid = new int[256];
  private int[] cpu = new int[256];
  private long[] stamp = new long[256];
  private long[] due = new long[256];
  private int[] stack = new int[256];
  private long[] refId = new long[256];
  private int[] next = new int[256];
  private boolean[] orderMatters = new boolean[256];
  private boolean[] moved = new boolean[256];

  /** Whether it was found not to fit in any order. */
  private boolean[] misfit = new boolean[256];

  /** Adds a change at the end; returns its number. */
  int add(int ofPage, PageRef ref, int ofStack) {
    if (size() == page.length) {
      grow();
    }
    int at = at(tail);
    page[at] = ofPage;
    kind[at] = (byte) ref.kind().ordinal();
    large[at] = (byte) ref.large().ordinal();
    val[at] = ref.val();
    ret[at] = ref.ret();
    count[at] = ref.count();
    pid[at] = ref.pid();
    cpu[at] = ref.cpu();
    stamp[at] = ref.stamp();
    due[at] = ref.stamp();
    stack[at] = ofStack;
    refId[at] = ref.refId();
    orderMatters[at] = false;
    moved[at] = false;
    misfit[at] = false;
    return tail++;
  }

  private int at(int number) {
    return number & page.length - 1;
  }

  private void grow() {
    page = doubled(page);
    val = doubled(val);
    ret = doubled(ret);
    count = doubled(count);
    pid = doubled(pid);
    cpu = doubled(cpu);
    stack = doubled(stack);
    next = doubled(next);
    kind = doubled(kind);
    large = doubled(large);
    stamp = doubled(stamp);
    due = doubled(due);
    refId = doubled(refId);
    orderMatters = doubled(orderMatters);
    moved = doubled(moved);
    misfit = doubled(misfit);
  }

  // Twice the same content: wherever a number points to in the larger array, it is there.

  private static int[] doubled(int[] from) {
    int[] to = Arrays.copyOf(from, from.length * 2);
    System.arraycopy(from, 0, to, from.length, from.length);
    return to;
  }

  private static long[] doubled(long[] from) {
    long[] to = Arrays.copyOf(from, from.length * 2);
    System.arraycopy(from, 0, to, from.length, from.length);
    return to;
  }

  private static byte[] doubled(byte[] from) {
    byte[] to = Arrays.copyOf(from, from.length * 2);
    System.arraycopy(from, 0, to, from.length, from.length);
    return to;
  }

  private static boolean[] doubled(boolean[] from) {
    boolean[] to = Arrays.copyOf(from, from.length * 2);
    System.arraycopy(from, 0, to, from.length, from.length);
    return to;
  }

  int size() {
    return tail - head;
  }

  /** The number of the first change. */
  int first() {
    return head;
  }

  /** Removes the first change. */
  void removeFirst() {
    head++;
  }

  int page(int number) {
    return page[at(number)];
  }

  PageRefKind kind(int number) {
    return PageRefKind.at(kind[at(number)]);
  }

  int val(int number) {
    return val[at(number)];
  }

  int ret(int number) {
    return ret[at(number)];
  }

  int cpu(int number) {
    return cpu[at(number)];
  }

  int pid(int number) {
    return pid[at(number)];
  }

  long stamp(int number) {
    return stamp[at(number)];
  }

  void setStack(int number, int ofStack) {
    stack[at(number)] = ofStack;
  }

  /** The next change of the same page; meaningless for its last one. */
  int next(int number) {
    return next[at(number)];
  }

  void setNext(int number, int other) {
    next[at(number)] = other;
  }

  void setOrderMatters(int number) {
    orderMatters[at(number)] = true;
  }

  boolean isMisfit(int number) {
    return misfit[at(number)];
  }

  void setMisfit(int number) {
    misfit[at(number)] = true;
  }

  /** The stamp of the change that came to this place first. */
  long due(int number) {
    return due[at(number)];
  }

  /**
   * Puts changes of one page into another order.
   *
   * @param places their numbers, ascending
   * @param order which of them comes to each place
   */
  void permute(int[] places, int[] order) {
    Change[] copies = new Change[order.length];
    for (int i = 0; i < order.length; i++) {
      copies[i] = new Change();
      read(places[order[i]], copies[i]);
      copies[i].moved |= order[i] != i;
    }
    boolean[] misfits = new boolean[order.length];
    for (int i = 0; i < order.length; i++) {
      misfits[i] = isMisfit(places[order[i]]);
    }
    for (int i = 0; i < order.length; i++) {
      write(at(places[i]), copies[i]);
      misfit[at(places[i])] = misfits[i];
    }
  }

  private void write(int at, Change from) {
    kind[at] = (byte) from.kind.ordinal();
    large[at] = (byte) from.large.ordinal();
    val[at] = from.val;
    ret[at] = from.ret;
    count[at] = from.count;
    pid[at] = from.pid;
    cpu[at] = from.cpu;
    stamp[at] = from.stamp;
    stack[at] = from.stack;
    refId[at] = from.refId;
    orderMatters[at] = from.orderMatters;
    moved[at] = from.moved;
  }

  /** Copies a change. */
  void read(int number, Change into) {
    int at = at(number);
    into.kind = PageRefKind.at(kind[at]);
    into.large = LARGE[large[at]];
    into.val = val[at];
    into.ret = ret[at];
    into.count = count[at];
    into.pid = pid[at];
    into.cpu = cpu[at];
    into.stamp = stamp[at];
    into.stack = stack[at];
    into.refId = refId[at];
    into.orderMatters = orderMatters[at];
    into.moved = moved[at];
  }
}
