package dev.pgmap.api.devmem;

import dev.pgmap.api.pgmap.Pagemap;

/**
 * The struct pages and bytes that a driver works on, by pfn. Thread-safe, as far as two threads do
 * not change the same page.
 */
public interface OwnedPages {
  /**
   * Gives a free page of the driver its first reference, and locks it ({@code
   * zone_device_page_init}).
   *
   * @param order of the folio that it is the first page of; 0 for a base page
   * @throws dev.pgmap.api.MmException EINVAL for a folio that this kernel cannot make
   */
  void init(Pagemap pgmap, long pfn, int order);

  /** The number that the driver keeps in a page ({@code zone_device_data}). */
  long data(long pfn);

  /** Sets the number that the driver keeps in a page; of a tail page of a folio it must not. */
  void setData(long pfn, long data);

  /** The number of the pgmap that a page belongs to; 0 for RAM. */
  int pagemapIndex(long pfn);

  /** The order of the folio whose first page this is. */
  int order(long headPfn);

  /** The first page of the folio that a page is in. */
  long head(long pfn);

  /**
   * A locked page of RAM with one reference, as the destination of a migration ({@code
   * alloc_page_vma}, {@code lock_page}).
   *
   * @param order 0, or 9 for a huge page
   * @throws dev.pgmap.api.MmException ENOMEM
   */
  long allocSystem(int order);

  /**
   * Pages of RAM for the driver's own use ({@code alloc_pages}).
   *
   * @throws dev.pgmap.api.MmException ENOMEM
   */
  long allocBacking(int order);

  /** Gives pages of {@link #allocBacking} back. */
  void freeBacking(long pfn, int order);

  /** {@code unlock_page}. */
  void unlock(long pfn);

  /** {@code put_page}. */
  void put(long pfn);

  /** Copies the bytes of pages ({@code copy_highpage}). */
  void copy(long fromPfn, long toPfn, int npages);

  /** The bytes of a page. */
  void read(long pfn, byte[] to);

  /** Writes the bytes of a page. */
  void write(long pfn, byte[] from);
}
