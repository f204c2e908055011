package dev.pgmap.trace.write;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A growing run of bytes with little endian numbers, for a part of a file whose size comes first.
 */
final class Bytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Bytes putByte(int value) {
    out.write(value);
    return this;
  }

  Bytes putShort(int value) {
    return putByte(value).putByte(value >>> 8);
  }

  Bytes putInt(int value) {
    return putShort(value).putShort(value >>> 16);
  }

  Bytes putLong(long value) {
    return putInt((int) value).putInt((int) (value >>> 32));
  }

  Bytes put(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** A text and a NUL. */
  Bytes putString(String text) {
    return put(utf8(text)).putByte(0);
  }

  /** A text without an end, behind its length of 8 bytes. */
  Bytes putText(String text) {
    byte[] bytes = utf8(text);
    return putLong(bytes.length).put(bytes);
  }

  /** A text without an end, behind its length of 4 bytes. */
  Bytes putShortText(String text) {
    byte[] bytes = utf8(text);
    return putInt(bytes.length).put(bytes);
  }

  int size() {
    return out.size();
  }

  byte[] toArray() {
    return out.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
