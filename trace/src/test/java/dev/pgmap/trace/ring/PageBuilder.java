package dev.pgmap.trace.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Puts together a ring page word by word, in either byte order and with either size of a long, so
 * that a test can state pages that no encoder of ours would make.
 */
public final class PageBuilder {
  private final ByteBuffer page;
  private final int longBytes;
  private final int data;
  private long commitFlags;
  private int commitBytes = -1;

  /** An empty page. */
  public PageBuilder(ByteOrder order, int longBytes, int pageBytes, long stamp) {
    this.page = ByteBuffer.allocate(pageBytes).order(order);
    this.longBytes = longBytes;
    this.data = longBytes == 8 ? RingPage.DATA : RingPage.DATA_32;
    page.putLong(0, stamp);
    page.position(data);
  }

  /** An event header. */
  public PageBuilder header(int typeLen, long delta) {
    boolean big = page.order() == ByteOrder.BIG_ENDIAN;
    long word =
        big
            ? (long) typeLen << RingPage.DELTA_BITS | delta
            : delta << RingPage.TYPE_LEN_BITS | typeLen;
    return word(word);
  }

  /** A word of four bytes. */
  public PageBuilder word(long word) {
    page.putInt((int) word);
    return this;
  }

  /** Bytes. */
  public PageBuilder bytes(byte[] bytes) {
    page.put(bytes);
    return this;
  }

  /** An event with its length in the header; the payload is padded to a word. */
  public PageBuilder event(long delta, byte[] payload) {
    int words = (payload.length + 3) / 4;
    return header(words, delta).bytes(Arrays.copyOf(payload, words * 4));
  }

  /** An event with its length in a word of its own; the payload is padded to a word. */
  public PageBuilder longEvent(long delta, byte[] payload) {
    int padded = (payload.length + 3) / 4 * 4;
    return header(0, delta).word(payload.length + 4).bytes(Arrays.copyOf(payload, padded));
  }

  /** Bits of commit besides the number of bytes. */
  public PageBuilder commitFlags(long flags) {
    commitFlags = flags;
    return this;
  }

  /** What commit says is used, in place of what is. */
  public PageBuilder commitBytes(int bytes) {
    commitBytes = bytes;
    return this;
  }

  /** The page. */
  public byte[] build() {
    long used = commitBytes >= 0 ? commitBytes : page.position() - data;
    if (longBytes == 8) {
      page.putLong(RingPage.COMMIT, used | commitFlags);
    } else {
      page.putInt(RingPage.COMMIT, (int) (used | commitFlags));
    }
    return page.array();
  }

  /** The page, with a long behind the used bytes. */
  public byte[] buildWithLong(long behind) {
    byte[] built = build();
    ByteBuffer buffer = ByteBuffer.wrap(built).order(page.order());
    if (longBytes == 8) {
      buffer.putLong(page.position(), behind);
    } else {
      buffer.putInt(page.position(), (int) behind);
    }
    return built;
  }
}
