package dev.pgmap.core.gup;

/** {@code FOLL_*} bits, with the numbers of 7.0. */
public final class FollFlag {
  public static final int WRITE = 1;
  public static final int GET = 1 << 1;
  public static final int DUMP = 1 << 2;
  public static final int FORCE = 1 << 3;
  public static final int NOWAIT = 1 << 4;
  public static final int NOFAULT = 1 << 5;
  public static final int HWPOISON = 1 << 6;
  public static final int ANON = 1 << 7;
  public static final int LONGTERM = 1 << 8;
  public static final int SPLIT_PMD = 1 << 9;
  public static final int PCI_P2PDMA = 1 << 10;
  public static final int INTERRUPTIBLE = 1 << 11;
  public static final int HONOR_NUMA_FAULT = 1 << 12;
  public static final int TOUCH = 1 << 16;
  public static final int PIN = 1 << 19;
  public static final int FAST_ONLY = 1 << 20;

  /** What a caller of the fast calls may pass. */
  static final int FAST_ALLOWED =
      WRITE | LONGTERM | FORCE | PIN | GET | FAST_ONLY | NOFAULT | PCI_P2PDMA | HONOR_NUMA_FAULT;

  /** Bits that only the engine itself may set. */
  static final int INTERNAL = 0x7f << 16;

  private FollFlag() {}
}
