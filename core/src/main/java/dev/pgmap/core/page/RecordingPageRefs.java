package dev.pgmap.core.page;

/**
 * Counts that write down each of their changes.
 *
 * <p>Thread-safe; with several threads on one page, the counts written down are those of some
 * moment after the event.
 */
public final class RecordingPageRefs extends PageRefs {
  private final RefSequences sequences = new RefSequences();
  private volatile boolean recording = true;

  /** What was written down so far. */
  public RefSequences sequences() {
    return sequences;
  }

  /** Begins or stops writing down; it has begun when this is made. */
  public void setRecording(boolean value) {
    recording = value;
  }

  @Override
  public void set(long pfn, long rec, int value, boolean base) {
    super.set(pfn, rec, value, base);
    if (recording) {
      sequences.note(pfn, "set", value, count(rec));
    }
  }

  @Override
  public void mod(long pfn, long rec, int val) {
    super.mod(pfn, rec, val);
    if (recording) {
      sequences.note(pfn, "mod", val, count(rec));
    }
  }

  @Override
  public boolean modAndTest(long pfn, long rec, int val) {
    boolean zero = super.modAndTest(pfn, rec, val);
    if (recording) {
      sequences.noteTest(pfn, "mod_and_test", val, count(rec), zero);
    }
    return zero;
  }

  @Override
  public boolean modAndTestIdle(long pfn, long rec, int val) {
    boolean idle = super.modAndTestIdle(pfn, rec, val);
    if (recording) {
      sequences.noteTest(pfn, "mod_and_test", val, count(rec), idle);
    }
    return idle;
  }

  @Override
  public int modAndReturn(long pfn, long rec, int val) {
    int count = super.modAndReturn(pfn, rec, val);
    if (recording) {
      sequences.noteReturn(pfn, "mod_and_return", val, count);
    }
    return count;
  }

  @Override
  public boolean modUnless(long pfn, long rec, int val) {
    boolean done = super.modUnless(pfn, rec, val);
    if (recording) {
      sequences.noteTest(pfn, "mod_unless", val, count(rec), done);
    }
    return done;
  }

  @Override
  public boolean dropBase(long pfn, long rec) {
    boolean zero = super.dropBase(pfn, rec);
    if (recording) {
      sequences.noteTest(pfn, "mod_and_test", -1, count(rec), zero);
    }
    return zero;
  }

  @Override
  public int dropBaseAndReturn(long pfn, long rec) {
    int count = super.dropBaseAndReturn(pfn, rec);
    if (recording) {
      sequences.noteReturn(pfn, "mod_and_return", -1, count);
    }
    return count;
  }

  @Override
  public boolean freeze(long pfn, long rec, int expected) {
    boolean frozen = super.freeze(pfn, rec, expected);
    if (recording) {
      sequences.noteTest(pfn, "freeze", expected, count(rec), frozen);
    }
    return frozen;
  }

  @Override
  public void unfreeze(long pfn, long rec, int value) {
    super.unfreeze(pfn, rec, value);
    if (recording) {
      sequences.note(pfn, "unfreeze", value, count(rec));
    }
  }
}
