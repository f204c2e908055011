package dev.pgmap.core.pgtable;

/**
 * Swap-like entries ({@code softleaf_t}): not present, not none, and naming a page frame or a
 * state.
 *
 * <pre>
 *   63     59 58                                9  8        0
 *  +---------+-----------------------------------+-----------+
 *  | type    | pfn, inverted                     | 0         |
 *  +---------+-----------------------------------+-----------+
 * </pre>
 *
 * <p>This is the x86-64 form, whose inverted offset makes what a speculating cpu might load lie
 * beyond all memory. Bit 8 stays clear: with it the entry would be a present one without access
 * (PROT_NONE). The type numbers are those of 7.x. Stateless.
 */
public final class SwapEntry {
  /** What an entry says. */
  public enum Kind {
    /** A page that the device holds alone and may read (5.12 to 6.14). */
    DEVICE_EXCLUSIVE_READ(23),
    /** The page is lost to a memory failure. */
    HWPOISON(24),
    /** The page is being moved; the entry could only read it. */
    MIGRATION_READ(25),
    /** The same, of an anonymous page that belongs to one mm alone. */
    MIGRATION_READ_EXCLUSIVE(26),
    /** The page is being moved; the entry could write it. */
    MIGRATION_WRITE(27),
    /** A page of device-private memory, writable once it is back. */
    DEVICE_WRITE(28),
    /** A page of device-private memory, only to be read. */
    DEVICE_READ(29),
    /** A page of RAM that a device uses alone; a CPU access takes it back. */
    DEVICE_EXCLUSIVE(30),
    /** No page; a note for faults. */
    MARKER(31);

    private static final Kind[] BY_TYPE = new Kind[32];

    static {
      for (Kind kind : values()) {
        BY_TYPE[kind.type] = kind;
      }
    }

    private final int type;

    Kind(int type) {
      this.type = type;
    }

    /** The page is being moved ({@code softleaf_is_migration}). */
    public boolean isMigration() {
      return this == MIGRATION_READ || this == MIGRATION_READ_EXCLUSIVE || this == MIGRATION_WRITE;
    }

    /** The page is device-private memory ({@code softleaf_is_device_private}). */
    public boolean isDevicePrivate() {
      return this == DEVICE_READ || this == DEVICE_WRITE;
    }

    /** A device uses the page alone ({@code softleaf_is_device_exclusive}). */
    public boolean isDeviceExclusive() {
      return this == DEVICE_EXCLUSIVE || this == DEVICE_EXCLUSIVE_READ;
    }

    /** Whether writes were allowed before the entry stood here. */
    public boolean isWritable() {
      return this == MIGRATION_WRITE || this == DEVICE_WRITE || this == DEVICE_EXCLUSIVE;
    }

    /** Whether the entry names a page frame ({@code softleaf_has_pfn}). */
    public boolean hasPfn() {
      return this != MARKER;
    }

    /** The same entry without the right to write, as a fork leaves it in both mms. */
    public Kind readOnly() {
      return switch (this) {
        case MIGRATION_WRITE, MIGRATION_READ_EXCLUSIVE -> MIGRATION_READ;
        case DEVICE_WRITE -> DEVICE_READ;
        default -> this;
      };
    }
  }

  private static final int TYPE_SHIFT = 59;
  private static final int LOW_BITS = 9;
  private static final int TYPE_BITS = 5;

  /** PRESENT and PROT_NONE: an entry with one of them is no swap entry. */
  private static final long PRESENT_MASK = Pte.PRESENT | 1L << 8;

  private SwapEntry() {}

  /** An entry for a page frame, whose pfn must be below {@link Pte#PFN_END}. */
  public static long of(Kind kind, long pfn) {
    return (long) kind.type << TYPE_SHIFT | ~pfn << LOW_BITS + TYPE_BITS >>> TYPE_BITS;
  }

  /** Whether the entry is a swap-like one. */
  public static boolean isSwap(long entry) {
    return entry != 0 && (entry & PRESENT_MASK) == 0;
  }

  /**
   * What a swap-like entry says.
   *
   * @throws IllegalStateException if it says nothing that there is
   */
  public static Kind kind(long entry) {
    Kind kind = Kind.BY_TYPE[(int) (entry >>> TYPE_SHIFT)];
    if (kind == null || !isSwap(entry)) {
      throw new IllegalStateException("bad swap entry 0x%x".formatted(entry));
    }
    return kind;
  }

  /** The first page frame that a swap-like entry names. */
  public static long pfn(long entry) {
    return ~entry << TYPE_BITS >>> LOW_BITS + TYPE_BITS;
  }

  /** Whether the entry says that a page is being moved. */
  public static boolean isMigration(long entry) {
    return isSwap(entry) && kind(entry).isMigration();
  }

  /** Whether the entry names a page of device-private memory. */
  public static boolean isDevicePrivate(long entry) {
    return isSwap(entry) && kind(entry).isDevicePrivate();
  }

  /** The same entry without the right to write. */
  public static long readOnly(long entry) {
    return of(kind(entry).readOnly(), pfn(entry));
  }
}
