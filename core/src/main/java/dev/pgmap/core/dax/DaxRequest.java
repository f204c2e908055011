package dev.pgmap.core.dax;

/**
 * What {@code daxctl create-device} or {@code reconfigure-device} asks for.
 *
 * @param bytes the size, or {@link #UNCHANGED}: all that is available, or as it is
 * @param alignBytes the alignment; 0: that of the region, or as it is
 */
public record DaxRequest(long bytes, long alignBytes) {
  /** Stands for a size that was not given. */
  public static final long UNCHANGED = -1;

  /** Nothing asked for in particular. */
  public static final DaxRequest DEFAULTS = new DaxRequest(UNCHANGED, 0);

  /** The same with that size in bytes. */
  public DaxRequest withSize(long value) {
    return new DaxRequest(value, alignBytes);
  }

  /** The same with that alignment in bytes. */
  public DaxRequest withAlign(long value) {
    return new DaxRequest(bytes, value);
  }

  boolean asksForSize() {
    return bytes != UNCHANGED;
  }
}
