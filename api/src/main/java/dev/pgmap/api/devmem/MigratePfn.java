package dev.pgmap.api.devmem;

/**
 * {@code MIGRATE_PFN_*}: what an element of {@link Migration#src} and {@link Migration#dst} says.
 *
 * <p>Bits 6 and up are the pfn; 0 is "no page, nothing to do".
 */
public final class MigratePfn {
  /** There is a page. */
  public static final long VALID = 1;

  /** The source can be, or was, migrated. Without {@link #VALID}: nothing is mapped there. */
  public static final long MIGRATE = 1 << 1;

  /** The entry allows writes. */
  public static final long WRITE = 1 << 3;

  /** The page is the head of a folio that moves as a whole (6.19 on). */
  public static final long COMPOUND = 1 << 4;

  private static final int SHIFT = 6;

  private MigratePfn() {}

  /** {@code migrate_pfn}: an element for a page. */
  public static long of(long pfn) {
    return pfn << SHIFT | VALID;
  }

  /** Whether the element names a page. */
  public static boolean hasPage(long element) {
    return (element & VALID) != 0;
  }

  /** Whether the element is to be migrated. */
  public static boolean isMigrating(long element) {
    return (element & MIGRATE) != 0;
  }

  /** The page that the element names. */
  public static long pfn(long element) {
    return element >>> SHIFT;
  }
}
