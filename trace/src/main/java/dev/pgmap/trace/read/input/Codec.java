package dev.pgmap.trace.read.input;

import org.jspecify.annotations.Nullable;

/**
 * How blocks of a recording are compressed, by the names that trace-cmd writes.
 *
 * <p>{@link BlockUnpacker} undoes it.
 */
public enum Codec {
  /** Not at all. */
  NONE("none"),
  /** Deflate with a zlib header. */
  ZLIB("zlib"),
  /** Zstandard. */
  ZSTD("zstd");

  private final String label;

  Codec(String label) {
    this.label = label;
  }

  /** The one of that name; null if it is not known. */
  public static @Nullable Codec named(String name) {
    for (Codec codec : values()) {
      if (codec.label.equals(name)) {
        return codec;
      }
    }
    return null;
  }
}
