package dev.pgmap.trace.write;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A protobuf message in the making, used again and again. For one thread. */
final class Proto {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;

  private byte[] bytes = new byte[256];
  private int size;

  /** An empty message. */
  Proto clear() {
    size = 0;
    return this;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /** What it is encoded as; the first {@link #size} bytes. */
  byte[] array() {
    return bytes;
  }

  /** An integer, an enum or a bool. */
  Proto number(int field, long value) {
    varint(field << 3 | VARINT);
    varint(value);
    return this;
  }

  /** A fixed64. */
  Proto fixed64(int field, long value) {
    varint(field << 3 | FIXED64);
    room(Long.BYTES);
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      bytes[size++] = (byte) (value >>> shift);
    }
    return this;
  }

  /** A string. */
  Proto text(int field, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return bytes(field, utf8, utf8.length);
  }

  /** A message in this one. */
  Proto message(int field, Proto inner) {
    return bytes(field, inner.bytes, inner.size);
  }

  /** What was encoded before. */
  Proto encoded(byte[] fields) {
    return append(fields, fields.length);
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }

  private Proto bytes(int field, byte[] from, int length) {
    varint(field << 3 | BYTES);
    varint(length);
    return append(from, length);
  }

  private Proto append(byte[] from, int length) {
    room(length);
    System.arraycopy(from, 0, bytes, size, length);
    size += length;
    return this;
  }

  private void varint(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
    }
  }
}
