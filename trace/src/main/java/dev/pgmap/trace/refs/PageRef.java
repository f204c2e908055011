package dev.pgmap.trace.refs;

/**
 * One change of a page's count. A holder that {@link PageRefDecoder} fills again and again; for one
 * thread.
 */
public final class PageRef {
  /** Whether the page is the head of a large folio. */
  public enum Large {
    /** The recording does not tell. */
    UNKNOWN,
    /** A single page. */
    NO,
    /** The head of a large folio, whose pins the count does not show apart. */
    YES
  }

  /** What {@link #count} is where the event does not tell. */
  public static final int NO_COUNT = Integer.MIN_VALUE;

  /** What {@link #refId} is where references have no name. */
  public static final long NO_ID = 0;

  PageRefKind kind = PageRefKind.MOD;
  long pfn;
  int val;
  int ret;
  int count = NO_COUNT;
  Large large = Large.UNKNOWN;
  long refId;
  int pid;
  int cpu;
  long stamp;

  /** What happened. */
  public PageRefKind kind() {
    return kind;
  }

  /** The page frame number; of a folio, that of its head. */
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

  /**
   * What the event shows as the count: read after the change and outside of it, so a hint only;
   * {@link #NO_COUNT} if it does not tell.
   */
  public int count() {
    return count;
  }

  /** Whether the page is the head of a large folio. */
  public Large large() {
    return large;
  }

  /** The name of the reference in recordings that have it, else {@link #NO_ID}. */
  public long refId() {
    return refId;
  }

  /** The task. */
  public int pid() {
    return pid;
  }

  /** The cpu. */
  public int cpu() {
    return cpu;
  }

  /** When it was recorded, in units of the source's clock: a little after it was done. */
  public long stamp() {
    return stamp;
  }
}
