package dev.pgmap.api.devmem;

/**
 * Memory that a device owns: chunks, and lists of the pages in them that are free. Thread-safe.
 *
 * <p>A free list hands out what came last. A new chunk hands out its last page first.
 */
public interface DeviceMemory {
  /** Whose pages these are. */
  String owner();

  /** What a plugin decided about it. */
  OwnedMemory kind();

  /**
   * Takes a free folio, locked, with one reference; makes a chunk if there is none.
   *
   * @param order 0, or what the kernel's largest folio has
   * @return its first page, or -1 if no memory is to be had
   */
  long alloc(int order);

  /** A folio of this memory has lost its last reference: the op {@code folio_free} says so. */
  void freed(long headPfn, int order);

  /** A folio was split: a piece of it begins at {@code tailPfn} ({@code folio_split}). */
  void split(long headPfn, long tailPfn);

  /** Where the bytes of a page are: the page itself, or the page of RAM that backs it. */
  long backing(long pfn);

  /** Brings every page that is in use back to RAM, wherever it is mapped. */
  void evict();

  /** The same, and takes all chunks offline. Blocks while pages are held. */
  void removeChunks();

  /** How many pages were ever handed out. */
  long allocated();

  /** How many of those came back. */
  long returned();
}
