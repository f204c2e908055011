package dev.pgmap.core.failure;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.gup.Gup;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.phys.PageMath;

/**
 * The ways in which a person makes a page fail: {@code madvise}, and the module {@code
 * hwpoison-inject}. Thread-safe.
 */
public final class ErrorInjection {
  /** What {@code madvise} can be told to do to pages. */
  public enum Advice {
    /** {@code MADV_HWPOISON}: they fail. */
    HWPOISON,
    /** {@code MADV_SOFT_OFFLINE}: they are given up before they fail. */
    SOFT_OFFLINE
  }

  private final KernelLog log;
  private final StructPages pages;
  private final Gup gup;
  private final MemoryFailure failure;

  /** Injection into one machine. */
  public ErrorInjection(KernelLog log, StructPages pages, Gup gup, MemoryFailure failure) {
    this.log = log;
    this.pages = pages;
    this.gup = gup;
    this.failure = failure;
  }

  /**
   * {@code madvise_inject_error}: takes each page by {@code get_user_pages_fast} and lets it fail;
   * of a compound page one is enough. A signal that this earns the task is pending afterwards.
   *
   * @param start a multiple of 4 KiB
   * @param bytes how much, rounded up to a page
   * @throws MmException EINVAL for a range that is misaligned or wraps around, what gup and {@link
   *     MemoryFailure} throw; pages before that one have failed then
   */
  @KernelFunction("madvise_inject_error")
  public void madvise(Task task, long start, long bytes, Advice advice) {
    long end = checkedEnd(start, bytes);
    long[] pfn = new long[1];
    for (long at = start; at < end; ) {
      gup.getUserPagesFast(task.mm(), at, 1, 0, pfn, 0);
      long nrPages = 1L << pages.order(pages.headPfn(pfn[0]));
      inject(task, at, pfn[0], advice);
      at += nrPages << PageMath.PAGE_SHIFT;
    }
  }

  private static long checkedEnd(long start, long bytes) {
    boolean aligned = (start & (PageMath.PAGE_BYTES - 1)) == 0;
    if (!aligned
        || start < 0
        || bytes < 0
        || bytes > Long.MAX_VALUE - start - PageMath.PAGE_BYTES) {
      throw new MmException(
          Errno.EINVAL,
          "madvise",
          "%d bytes from 0x%x".formatted(bytes, start),
          "a range of user space that begins at a page",
          "");
    }
    return start + PageMath.alignUp(bytes, PageMath.PAGE_BYTES);
  }

  private void inject(Task task, long address, long pfn, Advice advice) {
    switch (advice) {
      case SOFT_OFFLINE -> {
        log.info("Soft offlining pfn 0x%x at process virtual address 0x%x", pfn, address);
        failure.softOffline(pfn, MfFlag.COUNT_INCREASED);
      }
      case HWPOISON -> {
        log.info(
            "Injecting memory failure for pfn 0x%x at process virtual address 0x%x", pfn, address);
        int flags = MfFlag.ACTION_REQUIRED | MfFlag.COUNT_INCREASED | MfFlag.SW_SIMULATED;
        failure.fail(pfn, flags, task);
      }
    }
  }

  /**
   * {@code hwpoison_inject}: lets the page of a pfn fail, as if the hardware had found it out.
   *
   * @throws MmException ENXIO without a struct page, and what {@link MemoryFailure#fail} throws
   */
  @KernelFunction("hwpoison_inject")
  public void corruptPfn(long pfn) {
    if (!failure.isValid(pfn)) {
      throw new MmException(
          Errno.ENXIO,
          "injection at pfn 0x%x".formatted(pfn),
          "no struct page",
          "a pfn of memory that is online",
          "see /proc/iomem");
    }
    log.info("Injecting memory failure at pfn 0x%x", pfn);
    failure.fail(pfn, MfFlag.SW_SIMULATED, null);
  }

  /**
   * {@code hwpoison_unpoison}.
   *
   * @throws MmException as {@link MemoryFailure#unpoison}
   */
  @KernelFunction("hwpoison_unpoison")
  public void unpoisonPfn(long pfn) {
    failure.unpoison(pfn);
  }
}
