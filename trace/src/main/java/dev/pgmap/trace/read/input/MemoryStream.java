package dev.pgmap.trace.read.input;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Memory as a stream. For one thread. */
public final class MemoryStream extends InputStream {
  private final MemorySegment memory;
  private long at;

  /** All bytes of the memory. */
  public MemoryStream(MemorySegment memory) {
    this.memory = memory;
  }

  @Override
  public int read() {
    return at < memory.byteSize() ? memory.get(ValueLayout.JAVA_BYTE, at++) & 0xff : -1;
  }

  @Override
  public int read(byte[] to, int offset, int length) {
    if (at == memory.byteSize()) {
      return length == 0 ? 0 : -1;
    }
    int count = (int) Math.min(length, memory.byteSize() - at);
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, to, offset, count);
    at += count;
    return count;
  }
}
