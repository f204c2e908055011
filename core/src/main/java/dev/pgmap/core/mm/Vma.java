package dev.pgmap.core.mm;

import dev.pgmap.api.mm.VmArea;
import java.util.Locale;
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
  }

  private final Mm mm;
  private final long start;
  private final long end;
  private final long pgoff;
  private final Access access;
  private final @Nullable AddressSpace file;

  Vma(Mm mm, long start, long end, long pgoff, Access access, @Nullable AddressSpace file) {
    this.mm = mm;
    this.start = start;
    this.end = end;
    this.pgoff = pgoff;
    this.access = access;
    this.file = file;
  }

  /** The part of this area between two of its addresses. */
  Vma part(long from, long to) {
    return new Vma(mm, from, to, pgoffOf(from), access, file);
  }

  /** The same area in another mm. */
  Vma copyFor(Mm other) {
    return new Vma(other, start, end, pgoff, access, file);
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
    return access.shared;
  }

  /** Whether reads are allowed ({@code VM_READ}). */
  public boolean isReadable() {
    return access.readable;
  }

  @Override
  public boolean isWritable() {
    return access.writable;
  }

  /** Whether it was mapped with {@code MAP_SYNC} ({@code VM_SYNC}). */
  public boolean isSync() {
    return access.sync;
  }

  /** Whether the whole block that an entry of this level maps lies in this area. */
  public boolean holdsBlock(long address, int level) {
    long bytes = mm.context().geometry().bytes(level);
    long block = address & -bytes;
    return block >= start && block + bytes <= end;
  }

  /** What is mapped; null for anonymous memory. */
  public @Nullable AddressSpace file() {
    return file;
  }

  /** Whether it maps a file of a file system on device memory ({@code vma_is_fsdax}). */
  public boolean isFsdax() {
    return file != null && file.isFsdax();
  }

  /** Whether it maps no file ({@code vma_is_anonymous}). */
  public boolean isAnonymous() {
    return file == null;
  }

  /** Whether the address lies in this area. */
  public boolean contains(long address) {
    return address >= start && address < end;
  }

  boolean permits(boolean write) {
    return write ? access.writable : access.readable;
  }

  /** What mapping this area's pages does to them. */
  MappingPolicy policy() {
    return file == null ? MappingPolicy.NORMAL_PAGES : mm.context().mappingPolicy();
  }

  /** The line of {@code /proc/PID/maps}, without device and inode. */
  @Override
  public String toString() {
    return String.format(
            Locale.ROOT,
            "%012x-%012x %s%s-%s %08x %s",
            start,
            end,
            access.readable ? "r" : "-",
            access.writable ? "w" : "-",
            access.shared ? "s" : "p",
            file == null ? 0 : pgoff << 12,
            file == null ? "" : file.name())
        .strip();
  }
}
