package dev.pgmap.trace.replay;

import dev.pgmap.core.page.PageRefs;
import dev.pgmap.trace.refs.PageRefKind;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Counts that note which changes are made to which page. Thread-safe. */
public final class NotedPageRefs extends PageRefs {
  /** A change that was made. */
  record Noted(long pfn, PageRefKind kind, int val) {}

  private final Set<Noted> noted = ConcurrentHashMap.newKeySet();
  private volatile boolean noting;

  /** Begins or stops noting. */
  void note(boolean on) {
    noting = on;
  }

  Set<Noted> noted() {
    return Set.copyOf(noted);
  }

  private void add(long pfn, PageRefKind kind, int val) {
    if (noting) {
      noted.add(new Noted(pfn, kind, val));
    }
  }

  @Override
  public void set(long pfn, long rec, int value, boolean base) {
    super.set(pfn, rec, value, base);
    add(pfn, PageRefKind.SET, value);
  }

  @Override
  public void mod(long pfn, long rec, int val) {
    super.mod(pfn, rec, val);
    add(pfn, PageRefKind.MOD, val);
  }

  @Override
  public boolean modAndTest(long pfn, long rec, int val) {
    add(pfn, PageRefKind.MOD_AND_TEST, val);
    return super.modAndTest(pfn, rec, val);
  }

  @Override
  public int modAndReturn(long pfn, long rec, int val) {
    add(pfn, PageRefKind.MOD_AND_RETURN, val);
    return super.modAndReturn(pfn, rec, val);
  }

  @Override
  public boolean modUnless(long pfn, long rec, int val) {
    add(pfn, PageRefKind.MOD_UNLESS, val);
    return super.modUnless(pfn, rec, val);
  }

  @Override
  public boolean dropBase(long pfn, long rec) {
    add(pfn, PageRefKind.MOD_AND_TEST, -1);
    return super.dropBase(pfn, rec);
  }
}
