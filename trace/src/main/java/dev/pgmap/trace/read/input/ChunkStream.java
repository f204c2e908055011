package dev.pgmap.trace.read.input;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What chunks unpack to as a stream. For one thread. */
public final class ChunkStream extends InputStream {
  private final ChunkReader chunks;
  private int at;

  /** All chunks of a reader from where it stands. */
  public ChunkStream(ChunkReader chunks) {
    this.chunks = chunks;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) {
    while (at == chunks.rawBytes()) {
      if (!chunks.next()) {
        return -1;
      }
      at = 0;
    }
    int count = Math.min(length, chunks.rawBytes() - at);
    MemorySegment.copy(chunks.chunk(), ValueLayout.JAVA_BYTE, at, to, offset, count);
    at += count;
    return count;
  }
}
