package dev.pgmap.plugins.fsdax.space;

/**
 * Whose a run of blocks is.
 *
 * @param ino the inode
 * @param page file page of the run's first block; {@link #METADATA} for an inode, an extent chain
 *     or a directory
 */
public record Owner(long ino, long page) {
  /** The page of blocks that no file shows. */
  public static final long METADATA = -1;

  /** The same for a run that begins {@code blocks} later. */
  Owner shifted(long blocks) {
    return page == METADATA ? this : new Owner(ino, page + blocks);
  }
}
