package dev.pgmap.trace.ledger;

import java.util.Arrays;

/**
 * What is outstanding: lots, each acquired by one task under one stack, in a list per page with the
 * latest first. Arrays side by side, no object per lot. For one thread.
 */
final class LotTable {
  static final int NONE = -1;

  /** Which of several was released was a guess. */
  static final int GUESSED = 1;

  /** One from before the recording may have been released instead. */
  static final int START = 1 << 1;

  /** The order of events decides whether it is this one. */
  static final int ORDER = 1 << 2;

  /** What the memory's owner set the count to: its base reference. */
  static final int BASE = 1 << 3;

  private int[] next = new int[256];
  private int[] pid = new int[256];
  private int[] stack = new int[256];
  private int[] cpu = new int[256];

  /** How much of the count it is. */
  private int[] refs = new int[256];

  /** What was added by the latest get, if the second half of a fast pin may follow. */
  private int[] joinable = new int[256];

  private byte[] kind = new byte[256];
  private byte[] marks = new byte[256];
  private long[] oldest = new long[256];
  private long[] newest = new long[256];
  private long[] refId = new long[256];

  private int size;
  private int firstFree = NONE;

  /** A new lot in front of another. */
  int add(HoldKind ofKind, int nrRefs, int ofPid, int ofStack, int onCpu, long stamp, int before) {
    int lot = allocate();
    next[lot] = before;
    pid[lot] = ofPid;
    stack[lot] = ofStack;
    cpu[lot] = onCpu;
    refs[lot] = nrRefs;
    joinable[lot] = 0;
    kind[lot] = (byte) ofKind.ordinal();
    marks[lot] = 0;
    oldest[lot] = stamp;
    newest[lot] = stamp;
    refId[lot] = 0;
    return lot;
  }

  private int allocate() {
    if (firstFree != NONE) {
      int lot = firstFree;
      firstFree = next[lot];
      return lot;
    }
    if (size == next.length) {
      grow(size * 2);
    }
    return size++;
  }

  private void grow(int to) {
    next = Arrays.copyOf(next, to);
    pid = Arrays.copyOf(pid, to);
    stack = Arrays.copyOf(stack, to);
    cpu = Arrays.copyOf(cpu, to);
    refs = Arrays.copyOf(refs, to);
    joinable = Arrays.copyOf(joinable, to);
    kind = Arrays.copyOf(kind, to);
    marks = Arrays.copyOf(marks, to);
    oldest = Arrays.copyOf(oldest, to);
    newest = Arrays.copyOf(newest, to);
    refId = Arrays.copyOf(refId, to);
  }

  void free(int lot) {
    next[lot] = firstFree;
    firstFree = lot;
  }

  int next(int lot) {
    return next[lot];
  }

  void setNext(int lot, int other) {
    next[lot] = other;
  }

  int pid(int lot) {
    return pid[lot];
  }

  void setPid(int lot, int ofPid) {
    pid[lot] = ofPid;
  }

  int stack(int lot) {
    return stack[lot];
  }

  int cpu(int lot) {
    return cpu[lot];
  }

  int refs(int lot) {
    return refs[lot];
  }

  void setRefs(int lot, int nrRefs) {
    refs[lot] = nrRefs;
  }

  HoldKind kind(int lot) {
    return HoldKind.at(kind[lot]);
  }

  int joinable(int lot) {
    return joinable[lot];
  }

  void setJoinable(int lot, int val) {
    joinable[lot] = val;
  }

  boolean isMarked(int lot, int mark) {
    return (marks[lot] & mark) != 0;
  }

  int marks(int lot) {
    return marks[lot];
  }

  void mark(int lot, int mark) {
    marks[lot] = (byte) (marks[lot] | mark);
  }

  long oldest(int lot) {
    return oldest[lot];
  }

  long newest(int lot) {
    return newest[lot];
  }

  void setNewest(int lot, long stamp, int onCpu) {
    newest[lot] = stamp;
    cpu[lot] = onCpu;
  }

  void setOldest(int lot, long stamp) {
    oldest[lot] = stamp;
  }

  long refId(int lot) {
    return refId[lot];
  }

  void setRefId(int lot, long id) {
    refId[lot] = id;
  }
}
