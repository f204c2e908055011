package dev.pgmap.trace.read.input;

import dev.pgmap.trace.read.zstd.ZstdStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks blocks one after another, in Java alone; the memory that takes serves for the next. For
 * one thread.
 */
public final class BlockUnpacker {
  private final Codec codec;
  private final ZstdStream zstd = new ZstdStream(InputStream.nullInputStream());

  /** An unpacker of blocks that are all packed by one codec. */
  public BlockUnpacker(Codec codec) {
    this.codec = codec;
  }

  /** What the blocks are packed by. */
  Codec codec() {
    return codec;
  }

  /**
   * Unpacks a block.
   *
   * @param packed holds the block at its start
   * @param packedBytes of the block
   * @param raw where it is unpacked to
   * @param rawBytes what the block says that it unpacks to; at most the length of {@code raw}
   * @throws DataFormatException if the block is damaged, or does not unpack to just that many
   */
  public void unpack(byte[] packed, int packedBytes, byte[] raw, int rawBytes)
      throws DataFormatException {
    int found =
        switch (codec) {
          case NONE -> copy(packed, packedBytes, raw, rawBytes);
          case ZLIB -> inflate(packed, packedBytes, raw, rawBytes);
          case ZSTD -> zstd(packed, packedBytes, raw, rawBytes);
        };
    if (found != rawBytes) {
      throw new DataFormatException(
          "it unpacks to %d bytes in place of %d".formatted(found, rawBytes));
    }
  }

  private static int copy(byte[] packed, int packedBytes, byte[] raw, int rawBytes) {
    System.arraycopy(packed, 0, raw, 0, Math.min(packedBytes, rawBytes));
    return packedBytes;
  }

  private static int inflate(byte[] packed, int packedBytes, byte[] raw, int rawBytes)
      throws DataFormatException {
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(packed, 0, packedBytes);
      int found = inflater.inflate(raw, 0, rawBytes);
      if (!inflater.finished() && inflater.inflate(new byte[1]) != 0) {
        throw new DataFormatException("it unpacks to more than " + rawBytes + " bytes");
      }
      if (!inflater.finished()) {
        throw new DataFormatException("it has no end");
      }
      return found;
    }
  }

  private int zstd(byte[] packed, int packedBytes, byte[] raw, int rawBytes)
      throws DataFormatException {
    try {
      zstd.restart(new ByteArrayInputStream(packed, 0, packedBytes));
      int found = zstd.readNBytes(raw, 0, rawBytes);
      if (zstd.read() >= 0) {
        throw new DataFormatException("it unpacks to more than " + rawBytes + " bytes");
      }
      return found;
    } catch (IOException e) {
      throw new DataFormatException(e.getMessage());
    }
  }
}
