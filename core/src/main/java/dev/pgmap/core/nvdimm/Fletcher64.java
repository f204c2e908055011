package dev.pgmap.core.nvdimm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The checksum of nvdimm's structures on the medium, over little-endian 32-bit words. */
final class Fletcher64 {
  private Fletcher64() {}

  /**
   * The checksum of whole words.
   *
   * @param bytes a multiple of four bytes
   */
  static long of(byte[] bytes) {
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int low = 0;
    long high = 0;
    while (words.hasRemaining()) {
      low += words.getInt();
      high += Integer.toUnsignedLong(low);
    }
    return high << 32 | Integer.toUnsignedLong(low);
  }
}
