package dev.pgmap.api.devmem;

/**
 * A migration under way, {@code struct migrate_vma} after {@code migrate_vma_setup}.
 *
 * <p>The sources are locked and unmapped. The driver allocates a locked page for each element of
 * {@link #src} that it wants to move, copies the bytes, writes the page's element into {@link
 * #dst}, then calls {@link #pages} and {@link #finish}, in that order, always. Used by one thread.
 */
public interface Migration {
  /** How many pages of 4 KiB it spans: the length of the arrays. */
  int npages();

  /** The sources, elements as of {@link MigratePfn}; the engine clears MIGRATE where it fails. */
  long[] src();

  /** The destinations, filled by the driver; all 0 at first. */
  long[] dst();

  /** How many elements may be migrated ({@code cpages}). */
  int cpages();

  /** Moves what is known about each page to its destination ({@code migrate_vma_pages}). */
  void pages();

  /**
   * Maps the destinations, or the sources again where the migration failed, and unlocks and puts
   * both ({@code migrate_vma_finalize}).
   */
  void finish();
}
