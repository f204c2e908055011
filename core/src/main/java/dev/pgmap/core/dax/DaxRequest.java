package dev.pgmap.core.dax;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;

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

  /**
   * Checks the value of {@code --mode}.
   *
   * @throws MmException EOPNOTSUPP for {@code system-ram}, EINVAL for an unknown mode
   */
  public static void checkMode(String mode) {
    if (mode.equals("system-ram") || mode.equals("famfs")) {
      throw new MmException(
          Errno.EOPNOTSUPP,
          "--mode=" + mode,
          "there is no driver for it (kmem, fsdev)",
          "devdax",
          "use --mode=devdax");
    }
    if (!mode.equals("devdax")) {
      throw new MmException(Errno.EINVAL, "--mode", "'" + mode + "'", "devdax", "");
    }
  }

  boolean asksForSize() {
    return bytes != UNCHANGED;
  }
}
