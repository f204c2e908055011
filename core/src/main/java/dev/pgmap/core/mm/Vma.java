package dev.pgmap.core.mm;

import dev.pgmap.api.mm.VmArea;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgtable.Geometry;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code struct vm_area_struct}: a range of addresses that is mapped in one way.
 *
 * <p>Immutable; a split replaces it. Two areas are never equal unless they are the same one.
 */
public final class Vma implements VmArea {
  /**
   * What accesses an area allows, and whether it shares what it maps.
   *
   * @param sync whether a page is written to only when the file's metadata that lead to it are on
   *     the medium ({@code MAP_SYNC})
   */
  record Access(boolean shared, boolean readable, boolean writable, boolean sync) {
    Access(boolean shared, boolean readable, boolean writable) {
      this(shared, readable, writable, false);
    }

    Access withProtection(boolean mayRead, boolean mayWrite) {
      return new Access(shared, mayRead, mayWrite, sync);
    }
  }

  /**
   * What is mapped, and how.
   *
   * @param access what accesses it allows
   * @param file what is mapped; null for anonymous memory
   * @param anonVma who else may map its anonymous pages; null for a shared mapping, which has none
   * @param flags bits of {@link VmFlag}
   */
  record Backing(
      Access access, @Nullable AddressSpace file, @Nullable AnonVma anonVma, int flags) {}

  private final Mm mm;
  private final long start;
  private final long end;
  private final long pgoff;
  private final Backing backing;

  Vma(Mm mm, long start, long end, long pgoff, Backing backing) {
    this.mm = mm;
    this.start = start;
    this.end = end;
    this.pgoff = pgoff;
    this.backing = backing;
  }

  /** The part of this area between two of its addresses. */
  Vma part(long from, long to) {
    return new Vma(mm, from, to, pgoffOf(from), backing);
  }

  /** The same area in another mm. */
  Vma copyFor(Mm other) {
    return new Vma(other, start, end, pgoff, backing).withFlags(flags() & ~VmFlag.RESERVES);
  }

  /** The same area at another place, of another size; its pages keep their offsets. */
  Vma movedTo(long newStart, long newEnd) {
    return new Vma(mm, newStart, newEnd, pgoff, backing);
  }

  /** The same area that allows other accesses. */
  Vma withProtection(boolean mayRead, boolean mayWrite) {
    Access access = backing.access.withProtection(mayRead, mayWrite);
    Backing other = new Backing(access, backing.file, backing.anonVma, backing.flags);
    return new Vma(mm, start, end, pgoff, other);
  }

  /** The same area with other {@link VmFlag}s. */
  Vma withFlags(int flags) {
    Backing other = new Backing(backing.access, backing.file, backing.anonVma, flags);
    return new Vma(mm, start, end, pgoff, other);
  }

  /** The address space that it is part of. */
  public Mm mm() {
    return mm;
  }

  @Override
  public long start() {
    return start;
  }

  @Override
  public long end() {
    return end;
  }

  @Override
  public long pgoff() {
    return pgoff;
  }

  /** The file offset of an address, in 4 KiB pages ({@code linear_page_index}). */
  public long pgoffOf(long address) {
    return pgoff + ((address - start) >>> 12);
  }

  /** Where it maps a page of its file ({@code vma_address}); the page lies in the area. */
  long addressOf(long filePgoff) {
    return start + ((filePgoff - pgoff) << 12);
  }

  /** One past the last page of its file that it maps. */
  long endPgoff() {
    return pgoffOf(end);
  }

  @Override
  public boolean isShared() {
    return backing.access.shared;
  }

  @Override
  public boolean isReadable() {
    return backing.access.readable;
  }

  @Override
  public boolean isWritable() {
    return backing.access.writable;
  }

  /** Whether it was mapped with {@code MAP_SYNC} ({@code VM_SYNC}). */
  public boolean isSync() {
    return backing.access.sync;
  }

  /** Whether the whole block that an entry of this level maps lies in this area. */
  public boolean holdsBlock(long address, int level) {
    long bytes = mm.context().geometry().bytes(level);
    long block = address & -bytes;
    return block >= start && block + bytes <= end;
  }

  /** What is mapped; null for anonymous memory. */
  public @Nullable AddressSpace file() {
    return backing.file;
  }

  /** Whether it maps a file of a file system on device memory ({@code vma_is_fsdax}). */
  public boolean isFsdax() {
    return backing.file != null && backing.file.isFsdax();
  }

  /** Whether it maps no file ({@code vma_is_anonymous}). */
  public boolean isAnonymous() {
    return backing.file == null;
  }

  /** Whether the address lies in this area. */
  public boolean contains(long address) {
    return address >= start && address < end;
  }

  boolean permits(boolean write) {
    return write ? backing.access.writable : backing.access.readable;
  }

  /** Whether the area has a {@link VmFlag}. */
  public boolean has(int flag) {
    return (backing.flags & flag) != 0;
  }

  int flags() {
    return backing.flags;
  }

  /**
   * A new anonymous page gets its first mapping at an address, and no other can have it ({@code
   * folio_add_new_anon_rmap}). The caller holds the page-table lock.
   */
  public void addNewAnon(long pfn, long address) {
    StructPages pages = mm.context().pages();
    AnonVma anon = anonVmaOfPrivate();
    anon.setUsed();
    long rec = pages.record(pages.headPfn(pfn));
    pages.setIndex(rec, pgoffOf(address));
    pages.setMapping(rec, anon.mapping());
    AnonPages.countAsNew(this, pfn);
  }

  /** Where the pages of a hugetlb area come from. */
  HugetlbPool hugetlbPool() {
    HugetlbPools pools = mm.context().ordinary().hugetlb();
    int level = has(VmFlag.HUGETLB_PUD) ? Geometry.PUD : Geometry.PMD;
    return pools.ofBytes(mm.context().geometry().bytes(level));
  }

  /** Bytes that it can be cut by: a base page, or a hugetlb page. */
  long granuleBytes() {
    return has(VmFlag.HUGETLB) ? hugetlbPool().pageBytes() : mm.pageBytes();
  }

  /** Takes back what was promised to a part of it that is unmapped next, and not used. */
  void unreservePart(long from, long to) {
    if (has(VmFlag.RESERVES)) {
      HugetlbPool pool = hugetlbPool();
      pool.unreserve((to - from) / pool.pageBytes() - LeafList.of(this, from, to).size());
    }
  }

  /** Clears the entries of a part of it, while nobody unmaps its file. */
  void zapPart(long from, long to) {
    AddressSpace file = backing.file;
    if (file == null) {
      TlbGather.zapPart(this, from, to);
    } else {
      file.unmapPart(this, from, to);
    }
  }

  /** Who else may map its anonymous pages; null if it is shared, and so has none. */
  @Nullable AnonVma anonVma() {
    return backing.anonVma;
  }

  /** The same of an area that is known to be private. */
  AnonVma anonVmaOfPrivate() {
    return Objects.requireNonNull(backing.anonVma, "a shared area has no anonymous pages");
  }

  /** The line of {@code /proc/PID/maps}, without device and inode. */
  @Override
  public String toString() {
    return String.format(
            Locale.ROOT,
            "%012x-%012x %s%s-%s %08x %s",
            start,
            end,
            isReadable() ? "r" : "-",
            isWritable() ? "w" : "-",
            isShared() ? "s" : "p",
            backing.file == null ? 0 : pgoff << 12,
            backing.file == null ? "" : backing.file.name())
        .strip();
  }
}
