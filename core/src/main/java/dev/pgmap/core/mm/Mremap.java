package dev.pgmap.core.mm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.phys.PageMath;
import java.util.List;

/**
 * {@code mremap}: shrinks, grows or moves a mapping. Entries move as they are, huge ones as a whole
 * where both places are aligned for them. The caller holds the mmap lock as a writer.
 *
 * @param mm the address space
 * @param start where the mapping begins, a multiple of the base page
 * @param oldBytes its size
 * @param newBytes the size wanted
 * @param flags {@link #MAYMOVE} and its like
 * @param newStart where to, with {@link #FIXED}
 */
record Mremap(Mm mm, long start, long oldBytes, long newBytes, int flags, long newStart) {
  static final int MAYMOVE = 1;
  static final int FIXED = 2;
  static final int DONTUNMAP = 4;

  /**
   * Does it.
   *
   * @return the first address of the mapping now
   * @throws MmException EINVAL for arguments that do not fit together, or if a file refuses to be
   *     split; EFAULT where nothing, or not one area, is mapped; ENOMEM without room; nothing
   *     changed then
   */
  long run() {
    Vma vma = check();
    if (has(FIXED)) {
      mm.munmapLocked(newStart, newBytes);
      return move(requireArea(), newStart);
    }
    if (has(DONTUNMAP)) {
      return move(vma, mm.findRoom(vma, newBytes, pgoffAt(vma)));
    }
    if (newBytes <= oldBytes) {
      if (newBytes < oldBytes) {
        mm.munmapLocked(start + newBytes, oldBytes - newBytes);
      }
      return start;
    }
    if (canGrow(vma)) {
      mm.replace(vma, List.of(vma.movedTo(vma.start(), start + newBytes)));
      return start;
    }
    if (!has(MAYMOVE)) {
      throw refused(Errno.ENOMEM, "no room behind it", "a free range there", "pass MREMAP_MAYMOVE");
    }
    return move(vma, mm.findRoom(vma, newBytes, pgoffAt(vma)));
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }

  private long pgoffAt(Vma vma) {
    return vma.pgoffOf(start);
  }

  private Vma check() {
    boolean flagsFit =
        (flags & ~(MAYMOVE | FIXED | DONTUNMAP)) == 0 && (flags == 0 || has(MAYMOVE));
    if (!flagsFit || has(DONTUNMAP) && oldBytes != newBytes) {
      throw refused(
          Errno.EINVAL,
          "flags 0x%x".formatted(flags),
          "MAYMOVE with FIXED and DONTUNMAP, and one size with DONTUNMAP",
          "");
    }
    boolean overlaps = newStart < start + oldBytes && start < newStart + newBytes;
    if (oldBytes == 0 || newBytes == 0 || has(FIXED) && overlaps) {
      throw refused(
          Errno.EINVAL, "no size, or places that overlap", "two sizes and two places", "");
    }
    Vma vma = requireArea();
    MmapChecks.maySplit(vma, start);
    MmapChecks.maySplit(vma, start + oldBytes);
    long granule = vma.granuleBytes();
    if (((start | oldBytes | newBytes | (has(FIXED) ? newStart : 0)) & granule - 1) != 0
        || granule > mm.pageBytes() && newBytes > oldBytes) {
      throw refused(
          Errno.EINVAL,
          "hugetlb pages of %d bytes".formatted(granule),
          "whole pages, and no growing",
          "");
    }
    if (vma.has(VmFlag.PFNMAP) && (newBytes > oldBytes || has(DONTUNMAP))) {
      throw refused(Errno.EFAULT, "a mapping of frames", "one of pages", "");
    }
    return vma;
  }

  private Vma requireArea() {
    Vma vma = mm.areas().find(start);
    if (vma == null || start + oldBytes > vma.end()) {
      throw refused(Errno.EFAULT, "not inside one area", "a range of one area", "");
    }
    return vma;
  }

  private MmException refused(Errno errno, String found, String expected, String hint) {
    return new MmException(
        errno,
        "%s: mremap of %d bytes at 0x%x to %d bytes".formatted(mm, oldBytes, start, newBytes),
        found,
        expected,
        hint);
  }

  private boolean canGrow(Vma vma) {
    long end = start + newBytes;
    return start + oldBytes == vma.end()
        && end <= mm.taskSizeMax()
        && mm.areas().overlapping(vma.end(), end).isEmpty()
        && (vma.file() == null || PageMath.isAligned(end, vma.file().mappingAlignBytes(newBytes)));
  }

  /** {@code move_vma}. */
  private long move(Vma vma, long target) {
    long moved = Math.min(oldBytes, newBytes);
    Vma copy = vma.part(start, start + oldBytes).movedTo(target, target + newBytes);
    MoveEntries entries = new MoveEntries(vma, start, start + moved, copy);
    entries.prepare();
    mm.link(copy);
    entries.run();
    if (vma.has(VmFlag.RESERVES)) {
      // The promise moves with the area: what stays behind has none.
      mm.replace(vma, List.of(vma.withFlags(vma.flags() & ~VmFlag.RESERVES)));
    }
    if (!has(DONTUNMAP)) {
      mm.munmapLocked(start, oldBytes);
    }
    return target;
  }
}
