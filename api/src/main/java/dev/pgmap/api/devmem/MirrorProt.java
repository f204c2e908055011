package dev.pgmap.api.devmem;

/** {@code HMM_DMIRROR_PROT_*}: the bits of a byte of {@link MirrorCommand#SNAPSHOT}. */
public final class MirrorProt {
  /** Nothing that a device could use. */
  public static final int ERROR = 0xff;

  public static final int NONE = 0;
  public static final int READ = 1;
  public static final int WRITE = 2;

  /** Part of a huge entry of the first size. */
  public static final int PMD = 4;

  /** Part of a huge entry of the second size. */
  public static final int PUD = 8;

  /** The page of zeroes. */
  public static final int ZERO = 0x10;

  /** Device-private memory of this device. */
  public static final int DEV_PRIVATE_LOCAL = 0x20;

  /** Device-private memory of another device. */
  public static final int DEV_PRIVATE_REMOTE = 0x30;

  /** Coherent memory of this device. */
  public static final int DEV_COHERENT_LOCAL = 0x40;

  /** Coherent memory of another device. */
  public static final int DEV_COHERENT_REMOTE = 0x50;

  private MirrorProt() {}
}
