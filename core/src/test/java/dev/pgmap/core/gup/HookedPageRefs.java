package dev.pgmap.core.gup;

import dev.pgmap.core.page.PageRefs;
import org.jspecify.annotations.Nullable;

/**
 * Counts that let a test do something at the moment after the next change of a kind, on the thread
 * that made it: between the grab of a page and the second look at its entry, for instance.
 */
final class HookedPageRefs extends PageRefs {
  @Nullable Runnable afterGet;
  @Nullable Runnable afterSet;

  @Override
  public boolean modUnless(long pfn, long rec, int val) {
    boolean taken = super.modUnless(pfn, rec, val);
    runGetHook();
    return taken;
  }

  @Override
  public void mod(long pfn, long rec, int val) {
    super.mod(pfn, rec, val);
    runGetHook();
  }

  @Override
  public void set(long pfn, long rec, int value, boolean base) {
    super.set(pfn, rec, value, base);
    Runnable hook = afterSet;
    afterSet = null;
    if (hook != null) {
      hook.run();
    }
  }

  private void runGetHook() {
    Runnable hook = afterGet;
    afterGet = null;
    if (hook != null) {
      hook.run();
    }
  }
}
