package dev.pgmap.trace.ring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Words of host memory at absolute addresses, in the host's byte order, for records in our own
 * rings and for the struct page that a traced call has in hand.
 *
 * <p>There are no bounds: an address comes from a live allocation that the caller keeps alive,
 * never from a file.
 */
public final class Words {
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  private static final VarHandle BYTE = JAVA_BYTE.varHandle();
  private static final VarHandle SHORT = JAVA_SHORT_UNALIGNED.varHandle();
  private static final VarHandle INT = JAVA_INT_UNALIGNED.varHandle();
  private static final VarHandle LONG = JAVA_LONG_UNALIGNED.varHandle();
  private static final VarHandle ALIGNED_LONG = JAVA_LONG.varHandle();

  private static final long POSITIVE = Long.MAX_VALUE >>> 1;

  private Words() {}

  /**
   * The address itself, which must be a multiple of 8 and lie below 2^62, as all do. The compiler
   * learns so from it, and leaves out the checks of all accesses at small distances from it: a
   * third of what a record costs.
   */
  public static long aligned(long address) {
    return address & POSITIVE & -8;
  }

  /** A byte, without its sign. */
  public static int getByte(long address) {
    return (byte) BYTE.get(ALL, address) & 0xff;
  }

  /** Two bytes, without their sign. */
  public static int getShort(long address) {
    return (short) SHORT.get(ALL, address) & 0xffff;
  }

  /** Four bytes. */
  public static int getInt(long address) {
    return (int) INT.get(ALL, address);
  }

  /** Eight bytes. */
  public static long getLong(long address) {
    return (long) LONG.get(ALL, address);
  }

  /** Stores a byte. */
  public static void putByte(long address, int value) {
    BYTE.set(ALL, address, (byte) value);
  }

  /** Stores two bytes. */
  public static void putShort(long address, int value) {
    SHORT.set(ALL, address, (short) value);
  }

  /** Stores four bytes. */
  public static void putInt(long address, int value) {
    INT.set(ALL, address, value);
  }

  /** Stores eight bytes. */
  public static void putLong(long address, long value) {
    LONG.set(ALL, address, value);
  }

  /** Stores eight bytes at a multiple of eight, after everything that was stored before. */
  public static void putLongRelease(long address, long value) {
    ALIGNED_LONG.setRelease(ALL, address, value);
  }

  /** Eight bytes at a multiple of eight; what the storing thread stored before is then visible. */
  public static long getLongAcquire(long address) {
    return (long) ALIGNED_LONG.getAcquire(ALL, address);
  }
}
