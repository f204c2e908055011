package dev.pgmap.trace.read.input;

import dev.pgmap.trace.event.TraceException;
import java.lang.foreign.MemorySegment;
import java.util.zip.DataFormatException;

/**
 * Unpacks data that trace-cmd has compressed in chunks, one chunk at a time.
 *
 * <pre>
 *   u32                        number of chunks
 *   u32 packed, u32 raw, data  each chunk
 * </pre>
 *
 * <p>Keeps one chunk in memory. For one thread.
 */
public final class ChunkReader {
  private static final int HEADER_BYTES = 8;

  private final ByteCursor in;
  private final BlockUnpacker unpacker;
  private final int mostRawBytes;
  private final MemoryBudget budget;
  private long chunksLeft;
  private byte[] packed = new byte[0];
  private byte[] raw = new byte[0];
  private MemorySegment chunk = MemorySegment.ofArray(raw);
  private int rawBytes;
  private long rawPlace;

  /**
   * A reader.
   *
   * @param in begins at the number of chunks and ends where the data end
   * @param unpacker of the thread; readers of many cpus may share it
   * @param mostRawBytes a chunk that unpacks to more is damaged
   * @param budget what the chunk in memory is taken from
   */
  public ChunkReader(ByteCursor in, BlockUnpacker unpacker, int mostRawBytes, MemoryBudget budget) {
    this.in = in;
    this.unpacker = unpacker;
    this.mostRawBytes = mostRawBytes;
    this.budget = budget;
    chunksLeft = in.u32("a number of chunks");
    if (chunksLeft > in.remaining() / HEADER_BYTES) {
      throw in.error(
          chunksLeft + " chunks",
          "as many as fit in " + in.remaining() + " bytes",
          "it is damaged");
    }
  }

  /**
   * Unpacks the next chunk.
   *
   * @return false if there is none
   * @throws TraceException if it is damaged
   */
  public boolean next() {
    if (chunksLeft == 0) {
      return false;
    }
    chunksLeft--;
    rawPlace += rawBytes;
    ByteCursor.Place place = in.mark();
    long packedBytes = in.u32("packed size of a chunk");
    int stated = in.count(mostRawBytes, "a raw size of a chunk");
    long from = in.take(packedBytes, "a chunk");
    makeRoom((int) packedBytes, stated);
    in.copy(from, packed, (int) packedBytes);
    unpack(place, (int) packedBytes, stated);
    rawBytes = stated;
    return true;
  }

  private void unpack(ByteCursor.Place place, int packedBytes, int stated) {
    try {
      unpacker.unpack(packed, packedBytes, raw, stated);
    } catch (DataFormatException e) {
      throw place.error(
          "a chunk that cannot be unpacked: " + e.getMessage(),
          "%d bytes of %s".formatted(stated, unpacker.codec()),
          "the recording is damaged");
    }
  }

  private void makeRoom(int packedBytes, int stated) {
    if (packedBytes > packed.length) {
      budget.take(packedBytes - packed.length);
      packed = new byte[packedBytes];
    }
    if (stated > raw.length) {
      budget.take(stated - raw.length);
      raw = new byte[stated];
      chunk = MemorySegment.ofArray(raw);
    }
  }

  /** Holds the chunk at its start; another one once a larger chunk comes. */
  public MemorySegment chunk() {
    return chunk;
  }

  /** Bytes of the chunk. */
  public int rawBytes() {
    return rawBytes;
  }

  /** Bytes of all chunks before this one. */
  public long rawPlace() {
    return rawPlace;
  }
}
