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
  private static final VarHandle LONG = JAVA_LONG.varHandle();

  private Words() {}

  /** A byte, without its sign. */
  public static int getByte(long address) {
    return ALL.get(JAVA_BYTE, address) & 0xff;
  }

  /** Two bytes, without their sign. */
  public static int getShort(long address) {
    return ALL.get(JAVA_SHORT_UNALIGNED, address) & 0xffff;
  }

  /** Four bytes. */
  public static int getInt(long address) {
    return ALL.get(JAVA_INT_UNALIGNED, address);
  }

  /** Eight bytes. */
  public static long getLong(long address) {
    return ALL.get(JAVA_LONG_UNALIGNED, address);
  }

  /** Stores a byte. */
  public static void putByte(long address, int value) {
    ALL.set(JAVA_BYTE, address, (byte) value);
  }

  /** Stores two bytes. */
  public static void putShort(long address, int value) {
    ALL.set(JAVA_SHORT_UNALIGNED, address, (short) value);
  }

  /** Stores four bytes. */
  public static void putInt(long address, int value) {
    ALL.set(JAVA_INT_UNALIGNED, address, value);
  }

  /** Stores eight bytes. */
  public static void putLong(long address, long value) {
    ALL.set(JAVA_LONG_UNALIGNED, address, value);
  }

  /** Stores eight bytes at a multiple of eight, after everything that was stored before. */
  public static void putLongRelease(long address, long value) {
    LONG.setRelease(ALL, address, value);
  }

  /** Eight bytes at a multiple of eight; what the storing thread stored before is then visible. */
  public static long getLongAcquire(long address) {
    return (long) LONG.getAcquire(ALL, address);
  }
}
