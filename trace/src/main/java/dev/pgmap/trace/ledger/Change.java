package dev.pgmap.trace.ledger;

import dev.pgmap.trace.refs.PageRef;
import dev.pgmap.trace.refs.PageRefKind;
import dev.pgmap.trace.refs.StackTable;

/**
 * One change of a page's count in its place in the order, with its stack. A holder that is filled
 * again and again; for one thread.
 */
public final class Change {
  PageRefKind kind = PageRefKind.MOD;
  long pfn;
  int val;
  int ret;
  int count;
  PageRef.Large large = PageRef.Large.UNKNOWN;
  long refId;
  int pid;
  int cpu;
  long stamp;
  int stack = StackTable.NONE;

  /** Whether the stack was recorded with the event rather than made of functions traced last. */
  boolean stackRecorded;

  /** Whether a release on another cpu may have come before or after this acquisition. */
  boolean orderMatters;

  /**
   * Whether its result tells the count for sure: no other cpu changed the count so near to it that
   * the order is not certain.
   */
  boolean tellsCount;

  /** Whether it was moved from its place in the order of stamps. */
  boolean moved;

  /** What happened. */
  public PageRefKind kind() {
    return kind;
  }

  /** The page frame number. */
  public long pfn() {
    return pfn;
  }

  /** The amount added, or the value set or expected. */
  public int val() {
    return val;
  }

  /** The result; 0 if the kind has none. */
  public int ret() {
    return ret;
  }

  /** The count that the event shows: a hint; {@link PageRef#NO_COUNT} if it shows none. */
  public int count() {
    return count;
  }

  /** The task. */
  public int pid() {
    return pid;
  }

  /** The cpu. */
  public int cpu() {
    return cpu;
  }

  /** The event's stamp. */
  public long stamp() {
    return stamp;
  }

  /** The number of its stack. */
  public int stack() {
    return stack;
  }

  /** Whether it was moved from its place in the order of stamps, so that the results fit. */
  public boolean isMoved() {
    return moved;
  }
}
