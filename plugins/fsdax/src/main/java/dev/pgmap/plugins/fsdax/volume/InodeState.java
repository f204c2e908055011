package dev.pgmap.plugins.fsdax.volume;

/**
 * What an inode is at one moment. Immutable.
 *
 * @param nrLinks names that lead to it
 * @param sizeBytes its size
 * @param map where its bytes lie
 */
public record InodeState(int nrLinks, long sizeBytes, ExtentMap map) {
  /** The same with other links. */
  public InodeState withLinks(int links) {
    return new InodeState(links, sizeBytes, map);
  }

  /** The same with another size. */
  public InodeState withSize(long bytes) {
    return new InodeState(nrLinks, bytes, map);
  }

  /** The same with other extents. */
  public InodeState withMap(ExtentMap other) {
    return new InodeState(nrLinks, sizeBytes, other);
  }
}
