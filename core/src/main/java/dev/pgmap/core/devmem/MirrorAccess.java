package dev.pgmap.core.devmem;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.devmem.MirrorCommand;
import dev.pgmap.api.devmem.OwnedPages;
import dev.pgmap.api.devmem.UserSpace;
import dev.pgmap.api.trace.KernelFunction;

/** Reads and writes of a device through its mirror, page by page. */
final class MirrorAccess {
  private static final int PAGE_BYTES = 4096;

  private final OwnedPages pages;
  private final PageMirror mirror;
  private final UserSpace user;

  MirrorAccess(OwnedPages pages, PageMirror mirror, UserSpace user) {
    this.pages = pages;
    this.mirror = mirror;
    this.user = user;
  }

  /** {@code dmirror_read}: what the mirror does not know is faulted in. */
  @KernelFunction("dmirror_read")
  void read(long start, long end, long[] words) {
    byte[] bounce = new byte[Math.toIntExact(end - start)];
    long at = start;
    while (true) {
      at = readFrom(start, at, end, bounce, words);
      if (at == end) {
        break;
      }
      mirror.fault(at, end, false);
      words[MirrorCommand.FAULTS]++;
    }
    user.write(words[MirrorCommand.PTR], bounce);
  }

  /**
   * Reads what the mirror must know: after a migration.
   *
   * @throws MmException ENOENT if it does not
   */
  void readKnown(long start, long end, long[] words) {
    byte[] bounce = new byte[Math.toIntExact(end - start)];
    long at = readFrom(start, start, end, bounce, words);
    if (at < end) {
      throw new MmException(
          Errno.ENOENT,
          "mirror",
          "0x%x is not in it".formatted(at),
          "all of the range",
          "the pages were not migrated");
    }
    user.write(words[MirrorCommand.PTR], bounce);
  }

  /** {@code dmirror_do_read}; returns where it stopped. */
  private long readFrom(long start, long from, long end, byte[] bounce, long[] words) {
    return mirror.locked(pt -> {
      byte[] page = new byte[PAGE_BYTES];
      long at = from;
      for (; at < end; at += PAGE_BYTES) {
        MirrorTable.Entry entry = pt.get(at);
        if (entry == null) {
          return at;
        }
        pages.read(entry.pfn(), page);
        System.arraycopy(page, 0, bounce, (int) (at - start), PAGE_BYTES);
        words[MirrorCommand.CPAGES]++;
      }
      return at;
    });
  }

  /** {@code dmirror_write}. */
  @KernelFunction("dmirror_write")
  void write(long start, long end, long[] words) {
    byte[] bounce = new byte[Math.toIntExact(end - start)];
    user.read(words[MirrorCommand.PTR], bounce);
    long at = start;
    while (true) {
      at = writeFrom(start, at, end, bounce, words);
      if (at == end) {
        break;
      }
      mirror.fault(at, end, true);
      words[MirrorCommand.FAULTS]++;
    }
  }

  private long writeFrom(long start, long from, long end, byte[] bounce, long[] words) {
    return mirror.locked(pt -> {
      byte[] page = new byte[PAGE_BYTES];
      long at = from;
      for (; at < end; at += PAGE_BYTES) {
        MirrorTable.Entry entry = pt.get(at);
        if (entry == null || !entry.writable()) {
          return at;
        }
        System.arraycopy(bounce, (int) (at - start), page, 0, PAGE_BYTES);
        pages.write(entry.pfn(), page);
        words[MirrorCommand.CPAGES]++;
      }
      return at;
    });
  }
}
