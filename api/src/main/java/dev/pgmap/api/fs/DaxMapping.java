package dev.pgmap.api.fs;

/**
 * {@code struct address_space} of a DAX file as its file system sees it: the engine keeps the
 * entries, the areas that map the file, and the lock that keeps faults out.
 *
 * <p>Page offsets and counts are in 4 KiB pages. Thread-safe.
 */
public interface DaxMapping {
  /** Keeps faults of the file out ({@code filemap_invalidate_lock}). */
  void lockInvalidate();

  /** Lets faults in again. */
  void unlockInvalidate();

  /**
   * Unmaps a part of the file and waits until nobody holds a page of it, as this kernel does it
   * ({@code dax_break_layout}, {@code xfs_break_dax_layouts}). The caller holds the invalidate
   * lock; it is dropped while the call waits, and held again when it returns.
   *
   * @param nrPages {@link Long#MAX_VALUE} for all to the end
   * @throws dev.pgmap.api.MmException EINTR if the wait was interrupted ({@code ERESTARTSYS})
   */
  void breakLayout(long fromPgoff, long nrPages);

  /** Clears the page-table entries of a part ({@code unmap_mapping_pages}). */
  void unmap(long fromPgoff, long nrPages);

  /**
   * Removes the DAX entries of a part, after unmapping it ({@code truncate_inode_pages_range}). The
   * caller holds the invalidate lock and has broken the layout.
   */
  void deleteRange(long fromPgoff, long nrPages);

  /** {@code dax_writeback_mapping_range}: cleans the dirty entries of a part. */
  void writeback(long fromPgoff, long nrPages);

  /**
   * Forgets the entries of a part whose blocks changed under them, unmapping them first ({@code
   * invalidate_inode_pages2_range}).
   */
  void invalidate(long fromPgoff, long nrPages);

  /**
   * Kills who maps a part of the file whose memory failed ({@code mf_dax_kill_procs}).
   *
   * @return 0, or a negated errno
   */
  int killProcs(long fromPgoff, long nrPages, int mfFlags);

  /** Whether any area maps the file ({@code mapping_mapped}). */
  boolean isMapped();

  /**
   * The inode goes: waits for pinned pages where this kernel does ({@code dax_break_layout_final}),
   * then removes all entries. The mapping is dead afterwards.
   */
  void evict();
}
