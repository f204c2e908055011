package dev.pgmap.core.mm;

/**
 * What a mapping of device memory does to the pages it maps: the question that kernels before and
 * after 6.15 answer differently.
 *
 * <p>Implementations are stateless. {@link #enter} and {@link #leave} run under the page-table lock
 * of the mm, so that an entry and what it holds change together.
 */
public interface MappingPolicy {
  /**
   * 5.17 to 6.14: entries carry the devmap bit; pages are neither referenced nor counted as mapped;
   * mapping and index are set before the entry appears.
   */
  MappingPolicy DEVMAP_ENTRIES = new DevmapEntries("devmap-entries", true);

  /** Up to 5.16: the same, but mapping and index are set after the entry was put in place. */
  MappingPolicy DEVMAP_ENTRIES_LATE_MAPPING =
      new DevmapEntries("devmap-entries-late-mapping", false);

  /**
   * 6.15 on: device pages are mapped like any others. Each entry of any size holds one reference on
   * the folio and counts in its map count.
   */
  MappingPolicy NORMAL_PAGES = new NormalPages();

  /** A short name for messages and for comparing eras. */
  String name();

  /** Bits that every device leaf carries beside the usual ones. */
  long leafBits();

  /** Whether {@code dax_set_mapping} comes before the insertion. */
  boolean setsMappingFirst();

  /**
   * Whether a leaf of this order may map the folio at {@code pfn}; what may not is a warning and
   * SIGBUS.
   */
  boolean accepts(MmContext context, long pfn, int order);

  /** A leaf of this order is about to map {@code pfn}: takes what a mapping holds. */
  void enter(MmContext context, long pfn, int order);

  /** A leaf of this order no longer maps {@code pfn}: undoes the map counts. */
  void leave(MmContext context, long pfn, int order);

  /** Whether a leaf holds a reference, to be put after the flush that follows {@link #leave}. */
  boolean holdsReference();
}
