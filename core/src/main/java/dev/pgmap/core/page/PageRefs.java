package dev.pgmap.core.page;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.pgmap.api.trace.Tracepoint;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * All changes of {@code _refcount}: one method per page_ref event of the kernel.
 *
 * <p>Amounts are references as the kernel counts them. Every method is one atomic operation on the
 * {@link RefWord} of the record, fully ordered, as the kernel's atomics on x86 are. A put of more
 * than users hold is taken back and reported as {@link RefUnderflow}; for that moment another
 * thread may see the lower count. Not final, so that a test can record the events.
 */
public class PageRefs {
  private static final VarHandle INT = JAVA_INT.varHandle();

  private final MemorySegment memory;

  /** Works on records in this memory. */
  public PageRefs(MemorySegment memory) {
    this.memory = memory;
  }

  /** The reference word of a record. */
  public final int word(long rec) {
    return (int) INT.getVolatile(memory, rec + PageLayout.REFCOUNT);
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
    INT.setRelease(memory, rec + PageLayout.REFCOUNT, word);
  }

  /** {@code page_ref_add}, also with a negative amount. */
  @Tracepoint(system = "page_ref", event = "page_ref_mod")
  public void mod(long pfn, long rec, int val) {
    int old = (int) INT.getAndAdd(memory, rec + PageLayout.REFCOUNT, val << 1);
    if (RefWord.users(old) + val < 0) {
      throw undo(pfn, rec, val, old);
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
    int old = (int) INT.getAndAdd(memory, rec + PageLayout.REFCOUNT, val << 1);
    if (RefWord.users(old) + val < 0) {
      throw undo(pfn, rec, val, old);
    }
    return old + (val << 1) == 0;
  }

  /**
   * {@code page_ref_sub_return} and its like, used where the scheme is 1-based and managed.
   *
   * @return the new count
   */
  @Tracepoint(system = "page_ref", event = "page_ref_mod_and_return")
  public int modAndReturn(long pfn, long rec, int val) {
    int old = (int) INT.getAndAdd(memory, rec + PageLayout.REFCOUNT, val << 1);
    if (RefWord.users(old) + val < 0) {
      throw undo(pfn, rec, val, old);
    }
    return RefWord.raw(old + (val << 1));
  }

  /**
   * {@code page_ref_add_unless}: a get that fails on a free page.
   *
   * @return false if the count was zero, or negative by an error; nothing changed then
   */
  @Tracepoint(system = "page_ref", event = "page_ref_mod_unless")
  public boolean modUnless(long pfn, long rec, int val) {
    long at = rec + PageLayout.REFCOUNT;
    int seen = (int) INT.getVolatile(memory, at);
    while (seen > 0) {
      int witness = (int) INT.compareAndExchange(memory, at, seen, seen + (val << 1));
      if (witness == seen) {
        return true;
      }
      seen = witness;
    }
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
    int old = (int) INT.getAndBitwiseAnd(memory, rec + PageLayout.REFCOUNT, ~RefWord.BASE);
    if (!RefWord.hasBase(old)) {
      throw new IllegalStateException("page 0x%x has no base reference".formatted(pfn));
    }
    return old == RefWord.BASE;
  }

  private RefUnderflow undo(long pfn, long rec, int val, int old) {
    INT.getAndAdd(memory, rec + PageLayout.REFCOUNT, -(val << 1));
    return new RefUnderflow(pfn, "references", -val, Math.max(RefWord.users(old), 0));
  }
}
