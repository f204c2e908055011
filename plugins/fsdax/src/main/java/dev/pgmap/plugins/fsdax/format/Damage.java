package dev.pgmap.plugins.fsdax.format;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;

/** How a damaged structure is reported: one error that says which one and what is wrong. */
public final class Damage {
  private Damage() {}

  /**
   * EUCLEAN for a structure.
   *
   * @param what such as {@code pmem0: inode 70}
   * @param found what is wrong with it
   * @param expected what would be right
   */
  public static MmException in(String what, String found, String expected) {
    return new MmException(
        Errno.EUCLEAN, what, found, expected, "fsck.dax tells more; mkfs.dax makes a new one");
  }
}
