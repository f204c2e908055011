package dev.pgmap.core.mm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.phys.PageMath;
import org.jspecify.annotations.Nullable;

/** What mmap and munmap refuse, with the errors that say why. */
final class MmapChecks {
  private MmapChecks() {}

  static void arguments(
      Mm mm, @Nullable AddressSpace file, long bytes, long pgoff, Vma.Access how) {
    String object = "%s: mmap of %s".formatted(mm, file == null ? "anonymous memory" : file);
    boolean aligned = PageMath.isAligned(pgoff << PageMath.PAGE_SHIFT, mm.pageBytes());
    if (bytes <= 0 || pgoff < 0 || !aligned) {
      throw new MmException(
          Errno.EINVAL,
          object,
          "%d bytes at page %d".formatted(bytes, pgoff),
          "a positive size and an offset that is a multiple of the page size, %d"
              .formatted(mm.pageBytes()),
          "");
    }
    if (bytes > mm.taskSizeMax()) {
      throw noRoom(mm, bytes, mm.pageBytes());
    }
  }

  static MmException noRoom(Mm mm, long bytes, long align) {
    return new MmException(
        Errno.ENOMEM,
        "%s: mmap of %d bytes".formatted(mm, bytes),
        "no free range of addresses that large, aligned to %d bytes".formatted(align),
        "at most what is free below 0x%x".formatted(mm.taskSizeMax()),
        "unmap something first");
  }

  static void unmapRange(Mm mm, long start, long bytes) {
    boolean sane =
        start >= 0
            && PageMath.isAligned(start, mm.pageBytes())
            && bytes > 0
            && start <= mm.taskSizeMax()
            && bytes <= mm.taskSizeMax() - start;
    if (!sane) {
      throw new MmException(
          Errno.EINVAL,
          "%s: munmap".formatted(mm),
          "%d bytes from 0x%x".formatted(bytes, start),
          "a range of user space that begins at a page",
          "");
    }
  }

  private static void requireGranule(Vma vma, long address) {
    if (!PageMath.isAligned(address, vma.granuleBytes())) {
      throw new MmException(
          Errno.EINVAL,
          "[%s]".formatted(vma),
          "a split at 0x%x".formatted(address),
          "a multiple of %d bytes".formatted(vma.granuleBytes()),
          "hugetlb pages are never split");
    }
  }

  /** Asks the file if the address is inside the area. */
  static void maySplit(Vma vma, long address) {
    AddressSpace file = vma.file();
    if (address > vma.start() && address < vma.end()) {
      requireGranule(vma, address);
    }
    if (file != null && address > vma.start() && address < vma.end()) {
      file.file().maySplit(vma, address);
    }
  }
}
