package dev.pgmap.api.devmem;

/**
 * What the file of a mirror node can be told, as {@code HMM_DMIRROR_*}; the number of a command is
 * its ordinal. The argument has five words: see the constants.
 */
public enum MirrorCommand {
  /** Copies {@code npages} pages from {@code addr} to {@code ptr}, read through the mirror. */
  READ,
  /** Copies them from {@code ptr} to {@code addr}, written through the mirror. */
  WRITE,
  /** Migrates to the device, then reads. */
  MIGRATE_TO_DEV,
  /** Migrates to RAM. */
  MIGRATE_TO_SYS,
  /** Writes one byte for each page to {@code ptr}: how it is mapped. */
  SNAPSHOT,
  /** Makes the device the only user, then reads. */
  EXCLUSIVE,
  /** EPERM if the device is still the only user of a page. */
  CHECK_EXCLUSIVE,
  /** Takes all memory of the device offline. */
  RELEASE,
  /** {@code npages} are flags: 1 lets the next allocation of device memory fail. */
  FLAGS;

  /** Index of the address that the mirror looks at. */
  public static final int ADDR = 0;

  /** Index of the address of the task's buffer. */
  public static final int PTR = 1;

  /** Index of how many pages. */
  public static final int NPAGES = 2;

  /** Index of how many pages it was in the end; written. */
  public static final int CPAGES = 3;

  /** Index of how often the mirror had to fault; written. */
  public static final int FAULTS = 4;

  /** How many words an argument has. */
  public static final int WORDS = 5;

  /** The flag of {@link #FLAGS} that lets the next allocation fail. */
  public static final long FLAG_FAIL_ALLOC = 1;
}
