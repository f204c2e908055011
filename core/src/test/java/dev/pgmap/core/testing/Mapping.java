package dev.pgmap.core.testing;

import dev.pgmap.core.gup.Gup;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.mm.Task;
import java.util.Arrays;

/**
 * A mapping of a task, with the calls of gup on it.
 *
 * @param machine whose it is
 * @param task the task
 * @param start its first address
 * @param bytes its size
 */
public record Mapping(Machine machine, Task task, long start, long bytes) {
  /** One of the four ways to take pages. */
  @FunctionalInterface
  public interface Taker {
    /** As the methods of {@link Gup}. */
    int take(Gup gup, Mapping of, long address, int nrPages, int flags, long[] pfns);
  }

  public static final Taker PIN_FAST =
      (gup, m, at, n, flags, pfns) -> gup.pinUserPagesFast(m.task.mm(), at, n, flags, pfns, 0);
  public static final Taker GET_FAST =
      (gup, m, at, n, flags, pfns) -> gup.getUserPagesFast(m.task.mm(), at, n, flags, pfns, 0);
  public static final Taker PIN =
      (gup, m, at, n, flags, pfns) -> gup.pinUserPages(m.task.mm(), at, n, flags, pfns, 0);
  public static final Taker GET =
      (gup, m, at, n, flags, pfns) -> gup.getUserPages(m.task.mm(), at, n, flags, pfns, 0);

  /** The address of a page. */
  public long at(long page) {
    return start + (page << 12);
  }

  /** One past its last address. */
  public long end() {
    return start + bytes;
  }

  /** Its number of pages. */
  public int nrPages() {
    return (int) (bytes >>> 12);
  }

  /** Stores a byte to every page. */
  public Mapping touch() {
    task.mm().touch(start, bytes, (byte) 0);
    return this;
  }

  /** Takes pages from one on; returns those that were taken. */
  public long[] take(Taker taker, long page, int nrPages, int flags) {
    long[] pfns = new long[nrPages];
    int nr = taker.take(machine.gup(), this, at(page), nrPages, flags, pfns);
    return Arrays.copyOf(pfns, nr);
  }

  /** Pins all of it with calls of that many pages each, and returns all pages. */
  public long[] takeAll(Taker taker, int perCall, int flags) {
    long[] all = new long[nrPages()];
    int done = 0;
    while (done < all.length) {
      long[] got = take(taker, done, Math.min(perCall, all.length - done), flags);
      System.arraycopy(got, 0, all, done, got.length);
      done += got.length;
    }
    return all;
  }

  /** Drops one pin for each entry. */
  public void unpin(long[] pfns) {
    machine.gup().unpinUserPages(pfns, 0, pfns.length);
  }

  /** Drops one reference for each entry. */
  public void put(long[] pfns) {
    for (long pfn : pfns) {
      machine.gup().putPage(pfn);
    }
  }

  /** Unmaps all of it. */
  public void unmap() {
    task.mm().munmap(start, bytes);
  }
}
