package dev.pgmap.trace.write;

import io.airlift.compress.v3.zstd.ZstdCompressor;
import java.util.Arrays;
import java.util.zip.Deflater;

/** How the sections of a trace.dat of version 7 are compressed. */
public enum Compression {
  /** Not at all; every reader can do with it. */
  NONE("none", ""),
  /** Deflate with a zlib header, as zlib's {@code compress} makes it. */
  ZLIB("zlib", "1.2.13"),
  /** Zstandard. */
  ZSTD("zstd", "1.5.4");

  private final String label;
  private final String version;

  Compression(String label, String version) {
    this.label = label;
    this.version = version;
  }

  /** What the file's header calls it. */
  String label() {
    return label;
  }

  /** The version of the library that the header states: the oldest that is sure to read it. */
  String version() {
    return version;
  }

  /** A compressed copy. */
  byte[] compress(byte[] bytes, int length) {
    return switch (this) {
      case NONE -> Arrays.copyOf(bytes, length);
      case ZLIB -> deflate(bytes, length);
      case ZSTD -> zstd(bytes, length);
    };
  }

  private static byte[] deflate(byte[] bytes, int length) {
    try (Deflater deflater = new Deflater()) {
      deflater.setInput(bytes, 0, length);
      deflater.finish();
      byte[] to = new byte[length + length / 1000 + 64];
      int size = 0;
      while (!deflater.finished()) {
        size += deflater.deflate(to, size, to.length - size);
      }
      return Arrays.copyOf(to, size);
    }
  }

  private static byte[] zstd(byte[] bytes, int length) {
    ZstdCompressor compressor = ZstdCompressor.create();
    byte[] to = new byte[compressor.maxCompressedLength(length)];
    return Arrays.copyOf(to, compressor.compress(bytes, 0, length, to, 0, to.length));
  }
}
