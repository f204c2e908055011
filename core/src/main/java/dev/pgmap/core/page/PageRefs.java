package dev.pgmap.core.page;

import static dev.pgmap.core.page.HostWords.ALL;
import static dev.pgmap.core.page.HostWords.INT;

import dev.pgmap.api.trace.Tracepoint;
import org.jspecify.annotations.Nullable;

/**
 * All changes of {@code _refcount}: one method per page_ref event of the kernel.
 *
 * <p>Amounts are references as the kernel counts them. Every method changes the {@link RefWord} of
 * the record by one atomic instruction, fully ordered, as the kernel's atomics on x86 are. A put of
 * more than users hold changes nothing and is a {@link RefUnderflow}.
 *
 * <p>Puts are a compare-and-set, not a fetch-and-add as in the kernel: that is what lets them
 * refuse, and where the old value is needed it is also the faster instruction (docs/benchmarks.md).
 * Not final, so that the events can be recorded: {@link RecordingPageRefs}.
 */
public class PageRefs {
  private @Nullable UseObserver observer;

  /** Tells an observer of first users from now on; before the first page is used. */
  public final void observe(UseObserver newObserver) {
    observer = newObserver;
  }

  /** The reference word of a record. */
  public final int word(long rec) {
    return (int) INT.getVolatile(ALL, rec + PageLayout.REFCOUNT);
  }

  /** {@code page_count}: the count as this page's kernel shows it. */
  public final int count(long rec) {
    return RefWord.raw(word(rec));
  }

  /**
   * {@code set_page_count} of a page nobody can reach yet, or that is allocated just now.
   *
   * @param base whether this is the base reference of a 1-based scheme rather than a user's
   */
  @Tracepoint(system = "page_ref", event = "page_ref_set")
  public void set(long pfn, long rec, int value, boolean base) {
    int word = RefWord.of(base, base ? value - 1 : value);
    INT.setRelease(ALL, rec + PageLayout.REFCOUNT, word);
  }

  /** {@code page_ref_add}, also with a negative amount. */
  @Tracepoint(system = "page_ref", event = "page_ref_mod")
  public void mod(long pfn, long rec, int val) {
    if (val <= 0) {
      add(pfn, rec, val);
    } else if (observer == null) {
      // An addition whose result nobody wants is the cheaper instruction.
      INT.getAndAdd(ALL, rec + PageLayout.REFCOUNT, val << 1);
    } else {
      modObserved(observer, pfn, rec, val);
    }
  }

  private static void modObserved(UseObserver observer, long pfn, long rec, int val) {
    int seen = (int) INT.getAndAdd(ALL, rec + PageLayout.REFCOUNT, val << 1);
    if (RefWord.isIdle(seen)) {
      observer.used(pfn, rec, false);
    }
  }

  /**
   * {@code page_ref_sub_and_test}.
   *
   * @param val the negative amount
   * @return whether the count is now zero: the put was the final one
   */
  @Tracepoint(system = "page_ref", event = "page_ref_mod_and_test")
  public boolean modAndTest(long pfn, long rec, int val) {
    return add(pfn, rec, val) == 0;
  }

  /**
   * As {@link #modAndTest}, where the last user's put matters whether or not the engine holds a
   * base reference.
   *
   * @return whether nobody uses the page now
   */
  @Tracepoint(system = "page_ref", event = "page_ref_mod_and_test")
  public boolean modAndTestIdle(long pfn, long rec, int val) {
    return RefWord.isIdle(add(pfn, rec, val));
  }

  /**
   * {@code page_ref_sub_return} and its like, used where the scheme is 1-based and managed.
   *
   * @return the new count
   */
  @Tracepoint(system = "page_ref", event = "page_ref_mod_and_return")
  public int modAndReturn(long pfn, long rec, int val) {
    return RefWord.raw(add(pfn, rec, val));
  }

  /**
   * {@code page_ref_add_unless}: a get that fails on a free page.
   *
   * @return false if the count was zero, or negative by an error; nothing changed then
   */
  @Tracepoint(system = "page_ref", event = "page_ref_mod_unless")
  public boolean modUnless(long pfn, long rec, int val) {
    long at = rec + PageLayout.REFCOUNT;
    int seen = (int) INT.getVolatile(ALL, at);
    while (seen > 0) {
      int witness = (int) INT.compareAndExchange(ALL, at, seen, seen + (val << 1));
      if (witness == seen) {
        return observer == null || isUsable(observer, pfn, rec, val, seen);
      }
      seen = witness;
    }
    return false;
  }

  private static boolean isUsable(UseObserver observer, long pfn, long rec, int val, int seen) {
    if (!RefWord.isIdle(seen) || observer.used(pfn, rec, true)) {
      return true;
    }
    add(pfn, rec, -val);
    return false;
  }

  /**
   * The engine gives up the base reference of a 1-based page ({@code put_page} at teardown).
   *
   * @return whether the count is now zero; if not, the last user's put will find it zero
   * @throws IllegalStateException if the engine does not hold it
   */
  @Tracepoint(system = "page_ref", event = "page_ref_mod_and_test")
  public boolean dropBase(long pfn, long rec) {
    int old = (int) INT.getAndBitwiseAnd(ALL, rec + PageLayout.REFCOUNT, ~RefWord.BASE);
    if (!RefWord.hasBase(old)) {
      throw new IllegalStateException("page 0x%x has no base reference".formatted(pfn));
    }
    return old == RefWord.BASE;
  }

  /**
   * As {@link #dropBase}, of a page whose puts return the count.
   *
   * @return the new count
   */
  @Tracepoint(system = "page_ref", event = "page_ref_mod_and_return")
  public int dropBaseAndReturn(long pfn, long rec) {
    int old = (int) INT.getAndBitwiseAnd(ALL, rec + PageLayout.REFCOUNT, ~RefWord.BASE);
    if (!RefWord.hasBase(old)) {
      throw new IllegalStateException("page 0x%x has no base reference".formatted(pfn));
    }
    return RefWord.raw(old) - 1;
  }

  /**
   * Hands the one reference of a free page to a user: the page of a pool that is allocated with the
   * count it has. No kernel shows an event for that, since the count stays.
   *
   * @return false if the page is not free
   */
  public final boolean handOut(long rec) {
    return INT.compareAndSet(ALL, rec + PageLayout.REFCOUNT, RefWord.BASE, RefWord.USER);
  }

  /**
   * {@code page_ref_freeze}: makes a count zero, so that no get succeeds, if nobody else holds the
   * page.
   *
   * @param expected the count that the caller accounts for
   * @return false if it is another one; nothing changed then
   */
  @Tracepoint(system = "page_ref", event = "page_ref_freeze")
  public boolean freeze(long pfn, long rec, int expected) {
    int word = RefWord.of(false, expected);
    return INT.compareAndSet(ALL, rec + PageLayout.REFCOUNT, word, 0);
  }

  /**
   * {@code page_ref_unfreeze}: gives a frozen page a count again.
   *
   * @param value the references of users
   */
  @Tracepoint(system = "page_ref", event = "page_ref_unfreeze")
  public void unfreeze(long pfn, long rec, int value) {
    INT.setRelease(ALL, rec + PageLayout.REFCOUNT, RefWord.of(false, value));
  }

  /**
   * Checks that users hold at least {@code n} references.
   *
   * @throws RefUnderflow as a put of {@code n} would throw it; nothing changed
   */
  public final void requireUsers(long pfn, long rec, long n) {
    int users = word(rec) >>> 1;
    if (users < n) {
      throw new RefUnderflow(pfn, "references", n, users);
    }
  }

  /**
   * Adds to the users of a page, and returns the new word. A count that gets drove past its range
   * shows as negative, and no more gets succeed; here it is read without its sign, so that puts
   * bring it back.
   */
  private static int add(long pfn, long rec, int val) {
    long at = rec + PageLayout.REFCOUNT;
    int seen = (int) INT.getVolatile(ALL, at);
    while (true) {
      if ((seen >>> 1) + val < 0) {
        throw new RefUnderflow(pfn, "references", -val, seen >>> 1);
      }
      int next = seen + (val << 1);
      int witness = (int) INT.compareAndExchange(ALL, at, seen, next);
      if (witness == seen) {
        return next;
      }
      seen = witness;
    }
  }
}
