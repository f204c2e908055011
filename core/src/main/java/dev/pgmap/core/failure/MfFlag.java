package dev.pgmap.core.failure;

/** {@code enum mf_flags}: what a caller tells of a memory failure. */
public final class MfFlag {
  /** The caller holds a reference on the page, which the handling drops. */
  public static final int COUNT_INCREASED = 1;

  /** The current task is about to use the page. */
  public static final int ACTION_REQUIRED = 1 << 1;

  /** Nothing is broken: the failure is a test. */
  public static final int SW_SIMULATED = 1 << 5;

  /** Nothing is broken: the device is about to go, and its users with it. */
  public static final int MEM_PRE_REMOVE = 1 << 7;

  private MfFlag() {}
}
