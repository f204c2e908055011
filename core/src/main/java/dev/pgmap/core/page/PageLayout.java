package dev.pgmap.core.page;

/**
 * Every offset and bit of a struct page, as of a 64-bit 7.x kernel without debug options.
 *
 * <pre>
 *  offset  bytes  head or base page         first tail page (folio page 1)   other tail pages
 *  ------  -----  ------------------------  -------------------------------  ----------------
 *       0      8  flags                     flags (low byte: order)          flags
 *       8      8  pgmap                     compound_head                    compound_head
 *      16      4  zone_device_data          large_mapcount                   zero
 *      20      4                            nr_pages_mapped                  zero
 *      24      4  mapping                   entire_mapcount                  TAIL_MAPPING
 *      28      4                            pincount
 *      32      8  index | share             zero                             zero
 *      40      8  private                   zero                             zero
 *      48      4  mapcount (-1 unmapped)    mapcount                         mapcount
 *      52      4  reference word            reference word (0)               reference word (0)
 *      56      8  memcg_data                nr_pages                         zero
 * </pre>
 *
 * <p>One layout serves all eras. Where a kernel has a pointer, the record has a number: pgmap is
 * the pgmap's index shifted left by {@link #PGMAP_SHIFT}, and its memory type at {@link
 * #TYPE_SHIFT}; compound_head is the head's pfn shifted left by one, plus one; mapping is the
 * number of the address space. Bit 0 of the word at offset 8 means "tail page", as in the kernel.
 * The reference word is explained in {@link RefWord}.
 */
public final class PageLayout {
  /** log2 of the bytes of a struct page. */
  public static final int RECORD_SHIFT = 6;

  /** Bytes of a struct page. */
  public static final long RECORD_BYTES = 1L << RECORD_SHIFT;

  /** Struct pages in one 4 KiB page of vmemmap. */
  public static final int RECORDS_PER_PAGE = 64;

  public static final long FLAGS = 0;
  public static final long PGMAP = 8;
  public static final long COMPOUND_HEAD = 8;
  public static final long ZONE_DEVICE_DATA = 16;
  public static final long MAPPING = 24;
  public static final long INDEX = 32;
  public static final long PRIVATE = 40;
  public static final long MAPCOUNT = 48;
  public static final long REFCOUNT = 52;
  public static final long MEMCG_DATA = 56;

  /** Offset of the second record of a folio from its head. */
  public static final long PAGE1 = RECORD_BYTES;

  public static final long LARGE_MAPCOUNT = PAGE1 + 16;
  public static final long NR_PAGES_MAPPED = PAGE1 + 20;
  public static final long ENTIRE_MAPCOUNT = PAGE1 + 24;
  public static final long PINCOUNT = PAGE1 + 28;
  public static final long NR_PAGES = PAGE1 + 56;

  /** Low bits of page 1's flags that hold the order. */
  public static final long ORDER_MASK = 0xff;

  /** Bit 0 of the word at {@link #COMPOUND_HEAD}: this is a tail page. */
  public static final long TAIL_BIT = 1;

  /** Where the memory type stands in the word at {@link #PGMAP}, above the tail bit. */
  public static final int TYPE_SHIFT = 1;

  public static final long TYPE_MASK = 7;

  /** Bit of the word at {@link #PGMAP}: longterm pins are not for the fast call. */
  public static final long SLOW_LONGTERM = 1L << 4;

  /** How far a pgmap's index is shifted, so that what else the word says has room. */
  public static final int PGMAP_SHIFT = 5;

  /** What mapping holds in a tail page. */
  public static final long TAIL_MAPPING = 0xdead_0000_0000_0400L;

  /** Where the zone number stands in flags. */
  public static final int ZONE_SHIFT = 56;

  public static final long ZONE_MASK = 3;
  public static final long ZONE_NORMAL = 2;
  public static final long ZONE_DEVICE = 3;

  private PageLayout() {}
}
