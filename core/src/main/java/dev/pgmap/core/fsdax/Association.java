package dev.pgmap.core.fsdax;

import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;

/**
 * How a page of a file says which file it belongs to, and what becomes of that when several files
 * share it: the question that kernels have answered four times.
 *
 * <p>Called under the table's lock of the file, for real entries only. Implementations are
 * stateless; all that they know is in the struct pages.
 */
public interface Association {
  /**
   * Up to 5.19: each page has mapping and index of its one file; reflink and DAX exclude each
   * other.
   */
  Association PAGES_OF_ONE_FILE = new PageAssociation("pages-of-one-file", PageSharing.NONE);

  /**
   * 6.0 to 6.2: shared pages carry a mark for mapping, and count in {@code index}. The count is
   * compared before it is dropped, so that the last file to go leaves the mark behind.
   */
  Association PAGES_COUNT_IN_INDEX =
      new PageAssociation("pages-count-in-index", PageSharing.LEAVES_MARK);

  /** 6.3 to 6.14: shared pages carry a mark for mapping, and count in {@code share}. */
  Association PAGES_COUNT_SHARES = new PageAssociation("pages-count-shares", PageSharing.COUNTED);

  /**
   * 6.15 on: each folio has mapping and index, of the order of its entry; a shared one has no
   * mapping and counts in {@code share}. The folio of a PMD entry is made when it is associated,
   * and taken apart when its last file lets go.
   */
  Association FOLIOS = new FolioAssociation();

  /**
   * What an association works on.
   *
   * @param log where warnings go
   */
  record Pages(StructPages structPages, PageRefs refs, KernelLog log) {}

  /** A short name for messages and for comparing eras. */
  String name();

  /** Whether several files may share a page. */
  boolean allowsSharing();

  /**
   * {@code dax_associate_entry}.
   *
   * @param entry what leads to the pages
   * @param mapping the number of the file
   * @param index the page offset of the entry's first page
   * @param shared whether the blocks belong to other files, too
   */
  void associate(Pages pages, long entry, long mapping, long index, boolean shared);

  /**
   * {@code dax_disassociate_entry}.
   *
   * @param truncated whether the blocks are about to go, so that nobody may hold the pages
   */
  void disassociate(Pages pages, long entry, long mapping, boolean truncated);
}
