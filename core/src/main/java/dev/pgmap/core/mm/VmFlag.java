package dev.pgmap.core.mm;

/**
 * The {@code VM_*} bits of an area that are not its access, with the kernel's values; the lowest
 * two, where a kernel keeps the access, are our own.
 */
public final class VmFlag {
  /** Hugetlb pages that were promised to it and not used yet are its own to fault in. */
  public static final int RESERVES = 0x1;

  /** Its pages are of the second hugetlb size rather than the first. */
  public static final int HUGETLB_PUD = 0x2;

  /** Its entries name physical frames without struct pages ({@code VM_PFNMAP}). */
  public static final int PFNMAP = 0x400;

  /** Its pages are faulted in and stay ({@code VM_LOCKED}). */
  public static final int LOCKED = 0x2000;

  /** It is I/O memory ({@code VM_IO}). */
  public static final int IO = 0x4000;

  /** A fork leaves it out ({@code VM_DONTCOPY}). */
  public static final int DONTCOPY = 0x2_0000;

  /** It is made of hugetlb pages ({@code VM_HUGETLB}). */
  public static final int HUGETLB = 0x40_0000;

  /** It may hold both frames and pages ({@code VM_MIXEDMAP}). */
  public static final int MIXEDMAP = 0x1000_0000;

  /** {@code MADV_HUGEPAGE} was asked for ({@code VM_HUGEPAGE}). */
  public static final int HUGEPAGE = 0x2000_0000;

  /** {@code MADV_NOHUGEPAGE} was asked for ({@code VM_NOHUGEPAGE}). */
  public static final int NOHUGEPAGE = 0x4000_0000;

  private VmFlag() {}
}
