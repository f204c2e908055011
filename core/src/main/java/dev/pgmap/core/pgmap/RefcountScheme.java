package dev.pgmap.core.pgmap;

import dev.pgmap.api.pgmap.MemoryType;
import java.util.EnumSet;
import java.util.Set;

/**
 * How the pages of each memory type are counted while they are free, and what follows when one
 * becomes free.
 *
 * <p>A free page shows a count of one (1-based) or zero (0-based). A 1-based type is either
 * <em>managed</em>: users come on top of the one, and the put that leaves one is the event; or it
 * is not: then the one is handed to whoever allocates the page, and is set again when the count
 * reached zero. Immutable.
 *
 * @param oneBased the types whose free pages show a count of one
 * @param managed those whose puts look for one ({@code put_devmap_managed_page}); a subset
 * @param told the types whose driver hears that a page is free ({@code page_free})
 */
public record RefcountScheme(
    Set<MemoryType> oneBased, Set<MemoryType> managed, Set<MemoryType> told) {

  private static final Set<MemoryType> ALL = EnumSet.allOf(MemoryType.class);

  /** Up to 5.17: the engine keeps one reference on every page, and users come on top. */
  public static final RefcountScheme EXTRA_REFERENCE =
      new RefcountScheme(
          ALL, EnumSet.of(MemoryType.PRIVATE, MemoryType.FS_DAX), EnumSet.of(MemoryType.PRIVATE));

  /** 5.18: so only for FS_DAX; the one of other types goes to whoever allocates the page. */
  public static final RefcountScheme HANDED_OUT =
      new RefcountScheme(
          ALL, EnumSet.of(MemoryType.FS_DAX), EnumSet.complementOf(EnumSet.of(MemoryType.FS_DAX)));

  /** 6.1 to 6.14: free pages of memory that a device owns show zero. */
  public static final RefcountScheme DEVICE_OWNED_0_BASED =
      new RefcountScheme(
          EnumSet.of(MemoryType.GENERIC, MemoryType.FS_DAX, MemoryType.PCI_P2PDMA),
          EnumSet.of(MemoryType.FS_DAX),
          EnumSet.complementOf(EnumSet.of(MemoryType.FS_DAX)));

  /** 6.15 on: only GENERIC is left 1-based, and nothing is managed. */
  public static final RefcountScheme GENERIC_1_BASED =
      new RefcountScheme(EnumSet.of(MemoryType.GENERIC));

  /** Copies the sets. */
  public RefcountScheme {
    oneBased = Set.copyOf(oneBased);
    managed = Set.copyOf(managed);
    told = Set.copyOf(told);
    if (!oneBased.containsAll(managed)) {
      throw new IllegalArgumentException("managed types that are not 1-based: " + managed);
    }
  }

  /** As newer kernels have it: nothing is managed, and drivers that own memory hear of it. */
  public RefcountScheme(Set<MemoryType> oneBased) {
    this(
        oneBased,
        Set.of(),
        EnumSet.of(MemoryType.PRIVATE, MemoryType.COHERENT, MemoryType.PCI_P2PDMA));
  }

  /** The same, with other types whose drivers hear of free pages. */
  public RefcountScheme telling(Set<MemoryType> types) {
    return new RefcountScheme(oneBased, managed, types);
  }

  /** Whether the engine holds a base reference on free pages of this type. */
  public boolean hasBase(MemoryType type) {
    return oneBased.contains(type);
  }

  /** Whether the put that leaves a count of one makes a page of this type free. */
  public boolean isManaged(MemoryType type) {
    return managed.contains(type);
  }

  /** Whether a free page of this type is told to its driver. */
  public boolean isTold(MemoryType type) {
    return told.contains(type);
  }
}
