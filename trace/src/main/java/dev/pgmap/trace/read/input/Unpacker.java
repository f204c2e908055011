package dev.pgmap.trace.read.input;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.read.zstd.ZstdStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a file that was compressed as a whole, by gzip or zstd, into a temporary file that is
 * gone as soon as nobody reads it.
 *
 * <p>Thread-safe: it has no state.
 */
public final class Unpacker {
  private static final byte[] GZIP = {0x1f, (byte) 0x8b};
  private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
  private static final long LEAST_LIMIT_BYTES = 256L << 20;
  private static final int MOST_GROWTH = 1_000;
  private static final int BUFFER_BYTES = 1 << 16;

  private Unpacker() {}

  /** Opens the stream of what is packed. */
  private interface Format {
    InputStream open(InputStream packed) throws IOException;
  }

  private static @Nullable Format format(byte[] head) {
    if (startsWith(head, GZIP)) {
      return GZIPInputStream::new;
    }
    return startsWith(head, ZSTD) ? ZstdStream::new : null;
  }

  /** Whether a file begins as a packed one does. */
  public static boolean isPacked(byte[] head) {
    return format(head) != null;
  }

  private static boolean startsWith(byte[] head, byte[] magic) {
    for (int i = 0; i < magic.length; i++) {
      if (head.length <= i || head[i] != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Unpacks a file and maps what it holds.
   *
   * @param head the file's first bytes
   * @throws TraceException if it is damaged, or grows more than a thousandfold
   */
  public static MappedFile open(Path path, byte[] head) {
    Format format = format(head);
    if (format == null) {
      throw new IllegalArgumentException(path + ": is not packed");
    }
    String name = path.toString();
    Path unpacked = null;
    try {
      unpacked = Files.createTempFile("pgmap-", ".unpacked");
      long limit = Math.max(LEAST_LIMIT_BYTES, Files.size(path) * MOST_GROWTH);
      unpack(path, format, unpacked, limit, name);
      return MappedFile.open(unpacked, name);
    } catch (IOException e) {
      throw new TraceException(name, "it cannot be unpacked: " + e, "room for what it holds", "");
    } finally {
      delete(unpacked);
    }
  }

  private static void unpack(Path from, Format format, Path to, long limit, String name)
      throws IOException {
    try (CountingStream packed =
            new CountingStream(new BufferedInputStream(Files.newInputStream(from), BUFFER_BYTES));
        OutputStream out = Files.newOutputStream(to)) {
      unpack(packed, format, out, limit, name);
    }
  }

  private static void unpack(
      CountingStream packed, Format format, OutputStream out, long limit, String name)
      throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long left = limit;
    try (InputStream in = open(packed, format, name)) {
      int count = read(in, buffer, packed, name);
      while (count >= 0 && count <= left) {
        left -= count;
        out.write(buffer, 0, count);
        count = read(in, buffer, packed, name);
      }
      if (count >= 0) {
        throw TraceException.at(
            name,
            packed.count(),
            "more than %d bytes unpacked".formatted(limit),
            "at most a thousand times its size",
            "unpack it yourself if it is sound");
      }
    }
  }

  private static InputStream open(CountingStream packed, Format format, String name) {
    try {
      return format.open(packed);
    } catch (IOException e) {
      throw damaged(e, packed, name);
    }
  }

  private static int read(InputStream in, byte[] to, CountingStream packed, String name) {
    try {
      return in.read(to);
    } catch (IOException e) {
      throw damaged(e, packed, name);
    }
  }

  /** A decoder reads ahead a little, so what is wrong may lie somewhat before the place. */
  private static TraceException damaged(IOException e, CountingStream packed, String name) {
    String why = e.getMessage() == null ? "it is cut short" : e.getMessage();
    return TraceException.at(
        name,
        packed.count(),
        "here or just before, it cannot be unpacked: " + why,
        "a whole .gz or .zst",
        "the file is damaged");
  }

  private static void delete(@Nullable Path file) {
    try {
      if (file != null) {
        Files.delete(file);
      }
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }
}
