package dev.pgmap.core.mm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.phys.PageMath;
import java.util.ArrayList;
import java.util.List;

/**
 * A range of addresses of one mm that a call works on, cut out of the areas it touches. The caller
 * holds the mmap lock as a writer.
 *
 * @param mm the address space
 * @param start a multiple of the base page
 * @param end one past the last address
 */
record AreaRange(Mm mm, long start, long end) {
  /**
   * A range that begins at a page.
   *
   * @throws MmException EINVAL if it does not, or wraps around
   */
  static AreaRange of(Mm mm, String call, long start, long bytes) {
    long rounded = PageMath.alignUp(bytes, mm.pageBytes());
    boolean sane =
        PageMath.isAligned(start, mm.pageBytes())
            && start >= 0
            && bytes >= 0
            && rounded >= 0
            && start + rounded >= start;
    if (!sane) {
      throw new MmException(
          Errno.EINVAL,
          "%s: %s".formatted(mm, call),
          "%d bytes from 0x%x".formatted(bytes, start),
          "a range that begins at a page of %d bytes".formatted(mm.pageBytes()),
          "");
    }
    return new AreaRange(mm, start, start + rounded);
  }

  /**
   * Checks that areas cover all of it.
   *
   * @throws MmException ENOMEM that names the first address without one
   */
  void requireMapped() {
    long at = start;
    for (Vma vma : mm.areas().overlapping(start, end)) {
      if (vma.start() > at) {
        break;
      }
      at = vma.end();
    }
    if (at < end) {
      throw new MmException(
          Errno.ENOMEM,
          "%s: 0x%x to 0x%x".formatted(mm, start, end),
          "nothing mapped at 0x%x".formatted(at),
          "a range that is mapped without a gap",
          "");
    }
  }

  /**
   * Splits the areas that reach beyond the range, and returns those that then lie in it.
   *
   * @throws MmException EINVAL if a file refuses the split; nothing changed then
   */
  List<Vma> isolate() {
    List<Vma> touched = mm.areas().overlapping(start, end);
    for (Vma vma : touched) {
      MmapChecks.maySplit(vma, start);
      MmapChecks.maySplit(vma, end);
    }
    List<Vma> inside = new ArrayList<>();
    touched.forEach(vma -> inside.add(split(vma)));
    return inside;
  }

  private Vma split(Vma vma) {
    long from = Math.max(start, vma.start());
    long to = Math.min(end, vma.end());
    if (from == vma.start() && to == vma.end()) {
      return vma;
    }
    TlbGather.splitAcross(vma, from);
    TlbGather.splitAcross(vma, to);
    Vma inside = vma.part(from, to);
    List<Vma> parts = new ArrayList<>(List.of(inside));
    if (vma.start() < from) {
      parts.add(vma.part(vma.start(), from));
    }
    if (to < vma.end()) {
      parts.add(vma.part(to, vma.end()));
    }
    mm.replace(vma, parts);
    return inside;
  }
}
