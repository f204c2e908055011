package dev.pgmap.api.devmem;

import dev.pgmap.api.mm.VmArea;
import org.jspecify.annotations.Nullable;

/**
 * What a driver asks {@code migrate_vma_setup} for.
 *
 * @param vma the area, of the caller's address space; its mmap lock is held
 * @param start first address, a multiple of 4 KiB inside the area
 * @param end one past the last
 * @param select which pages: bits of {@link #SYSTEM}, {@link #DEVICE_PRIVATE}, {@link
 *     #DEVICE_COHERENT}, {@link #COMPOUND}
 * @param owner whose device pages; null selects none
 * @param faultPfn the page that a CPU fault brought here, or {@link #NO_FAULT_PAGE}
 */
public record MigrateRequest(
    VmArea vma, long start, long end, int select, @Nullable String owner, long faultPfn) {
  /** {@code MIGRATE_VMA_SELECT_SYSTEM}. */
  public static final int SYSTEM = 1;

  /** {@code MIGRATE_VMA_SELECT_DEVICE_PRIVATE}. */
  public static final int DEVICE_PRIVATE = 2;

  /** {@code MIGRATE_VMA_SELECT_DEVICE_COHERENT}. */
  public static final int DEVICE_COHERENT = 4;

  /** {@code MIGRATE_VMA_SELECT_COMPOUND}: huge entries may move as a whole. */
  public static final int COMPOUND = 8;

  /** No fault is being handled. */
  public static final long NO_FAULT_PAGE = -1;
}
