package dev.pgmap.shell.conformance;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * Reads a small {@code .tar.gz} of text files.
 *
 * <p>A tar is a row of headers of 512 bytes, each followed by its file, filled up to a multiple of
 * 512: the name is at 0, the length in octal digits at 124, the type at 156 (0 for a file).
 */
final class TarGzip {
  private static final int BLOCK_BYTES = 512;
  private static final int NAME_BYTES = 100;
  private static final int LENGTH_AT = 124;
  private static final int LENGTH_BYTES = 12;
  private static final int TYPE_AT = 156;

  private TarGzip() {}

  /**
   * The texts of its files by name.
   *
   * @throws IOException if it is none or breaks off
   */
  static Map<String, String> read(InputStream compressed) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (GZIPInputStream in = new GZIPInputStream(compressed)) {
      byte[] header = in.readNBytes(BLOCK_BYTES);
      while (header.length == BLOCK_BYTES && header[0] != 0) {
        int length = Integer.parseInt(text(header, LENGTH_AT, LENGTH_BYTES).strip(), 8);
        byte[] content = in.readNBytes(length);
        if (content.length < length) {
          throw new EOFException("tar: breaks off inside of " + text(header, 0, NAME_BYTES));
        }
        in.skipNBytes(-length & BLOCK_BYTES - 1);
        if (header[TYPE_AT] == '0') {
          texts.put(text(header, 0, NAME_BYTES), new String(content, StandardCharsets.UTF_8));
        }
        header = in.readNBytes(BLOCK_BYTES);
      }
    }
    return texts;
  }

  private static String text(byte[] header, int from, int length) {
    int end = from;
    while (end < from + length && header[end] != 0) {
      end++;
    }
    return new String(header, from, end - from, StandardCharsets.UTF_8);
  }
}
