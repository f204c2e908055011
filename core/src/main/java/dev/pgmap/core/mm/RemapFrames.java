package dev.pgmap.core.mm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.VmArea;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;

/**
 * {@code remap_pfn_range}: maps physical frames into an area as they are, as a file's mmap does for
 * the registers of a device. Nobody holds or counts what is behind such entries; gup refuses them,
 * and a fork copies them. If that mmap then fails, the entries go again. Stateless; thread-safe.
 */
public final class RemapFrames {
  private RemapFrames() {}

  /**
   * Maps a part of an area to consecutive frames.
   *
   * @param area the engine's own object, as a file's mmap gets it
   * @param address a multiple of the base page
   * @param firstPfn the first frame, a multiple of the base page; it needs no struct page
   * @param bytes a multiple of the base page
   * @throws MmException EINVAL for what is no part of the area, or not aligned; EBUSY if an entry
   *     is there; ENOMEM
   */
  @KernelFunction("remap_pfn_range")
  public static void into(VmArea area, long address, long firstPfn, long bytes) {
    Vma vma = (Vma) area;
    check(vma, address, firstPfn, bytes);
    PageTables tables = vma.mm().tables();
    long access = vma.isWritable() && vma.isShared() ? Pte.RW : 0;
    for (long at = address; at < address + bytes; at += vma.mm().pageBytes()) {
      long pfn = firstPfn + (at - address >>> 12);
      tables.lock();
      try {
        if (!tables.makeTables(at, Geometry.PTE) || tables.entryAt(at, Geometry.PTE) != 0) {
          throw refused(Errno.EBUSY, at, pfn, "an entry there already", "an empty place");
        }
        tables.insertLeaf(at, Geometry.PTE, Pte.of(pfn, Fault.LEAF_BITS | Pte.SPECIAL | access));
      } finally {
        tables.unlock();
      }
    }
  }

  private static void check(Vma vma, long address, long firstPfn, long bytes) {
    long mask = vma.mm().pageBytes() - 1;
    boolean aligned = ((address | bytes | firstPfn << 12) & mask) == 0;
    boolean inside =
        bytes > 0 && address >= vma.start() && bytes <= vma.end() - address && firstPfn >= 0;
    if (!aligned || !inside || firstPfn + (bytes >>> 12) > Pte.PFN_END) {
      throw refused(
          Errno.EINVAL,
          address,
          firstPfn,
          "%d bytes for [%s]".formatted(bytes, vma),
          "whole pages of the area, and frames that an entry can name");
    }
  }

  private static MmException refused(
      Errno errno, long address, long pfn, String found, String expected) {
    return new MmException(
        errno, "frame 0x%x at address 0x%x".formatted(pfn, address), found, expected, "");
  }
}
