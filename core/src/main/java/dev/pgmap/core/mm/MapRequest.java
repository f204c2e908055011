package dev.pgmap.core.mm;

import org.jspecify.annotations.Nullable;

/**
 * What to map, where and how: the arguments of {@code mmap}. Begins as private memory that can be
 * read and written; immutable.
 *
 * @param file what to map; null for anonymous memory
 * @param bytes how much, rounded up to a base page
 * @param pgoff file offset in 4 KiB units, a multiple of the base page
 * @param shared {@code MAP_SHARED} rather than {@code MAP_PRIVATE}
 * @param readable {@code PROT_READ}
 * @param writable {@code PROT_WRITE}
 * @param fixedAt where, unmapping what is there ({@code MAP_FIXED}); {@link #ANYWHERE} for any
 *     place
 * @param populate whether pages are faulted in at once ({@code MAP_POPULATE})
 */
public record MapRequest(
    @Nullable AddressSpace file,
    long bytes,
    long pgoff,
    boolean shared,
    boolean readable,
    boolean writable,
    long fixedAt,
    boolean populate) {
  /** No address was asked for. */
  public static final long ANYWHERE = -1;

  /** Anonymous memory. */
  public static MapRequest anonymous(long bytes) {
    return new MapRequest(null, bytes, 0, false, true, true, ANYWHERE, false);
  }

  /** A file, from a page on. */
  public static MapRequest of(AddressSpace file, long bytes, long pgoff) {
    return new MapRequest(file, bytes, pgoff, false, true, true, ANYWHERE, false);
  }

  /** Shared with all who map the same. */
  public MapRequest asShared() {
    return new MapRequest(file, bytes, pgoff, true, readable, writable, fixedAt, populate);
  }

  /** With other accesses. */
  public MapRequest withProtection(boolean read, boolean write) {
    return new MapRequest(file, bytes, pgoff, shared, read, write, fixedAt, populate);
  }

  /** At that address and nowhere else. */
  public MapRequest at(long address) {
    return new MapRequest(file, bytes, pgoff, shared, readable, writable, address, populate);
  }

  /** With its pages faulted in. */
  public MapRequest populated() {
    return new MapRequest(file, bytes, pgoff, shared, readable, writable, fixedAt, true);
  }

  boolean isFixed() {
    return fixedAt != ANYWHERE;
  }
}
