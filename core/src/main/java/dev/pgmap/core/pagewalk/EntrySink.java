package dev.pgmap.core.pagewalk;

/** Receives page-table entries in address order and without gaps. Must not block. */
interface EntrySink {
  /**
   * A leaf, or a part of one, or a swap-like entry; under the page-table lock.
   *
   * @param start the first address of the part
   * @param end one past its last
   * @param leafStart the address whose frame the entry names
   * @param leafBytes how much it stands for
   * @param entry its value
   */
  void entry(long start, long end, long leafStart, long leafBytes, long entry);

  /** A part where nothing stands. */
  void hole(long start, long end);
}
