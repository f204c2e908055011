package dev.pgmap.trace.read.text;

import dev.pgmap.trace.event.TraceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads lines of bounded length, and counts them. For one thread. */
final class LineReader {
  /** A seq_file line of a kernel is at most a page or two. */
  static final int MAX_LINE_BYTES = 1 << 16;

  private final InputStream in;
  private final String source;
  private final byte[] buffer = new byte[4 * MAX_LINE_BYTES];
  private int from;
  private int to;
  private long number;
  private String line = "";

  LineReader(InputStream in, String source) {
    this.in = in;
    this.source = source;
  }

  /**
   * Moves to the next line.
   *
   * @return false at the end
   * @throws TraceException if the line is too long
   */
  boolean next() {
    int end = end(from);
    if (end < 0) {
      refill();
      end = end(from);
    }
    if (end < 0 && from == to) {
      return false;
    }
    int stop = end < 0 ? to : end;
    number++;
    if (stop - from > MAX_LINE_BYTES) {
      throw TraceException.atLine(
          source,
          number,
          "a line of more than %d bytes".formatted(MAX_LINE_BYTES),
          "shorter ones",
          "this is no text of a trace");
    }
    int length = stop > from && buffer[stop - 1] == '\r' ? stop - from - 1 : stop - from;
    line = new String(buffer, from, length, StandardCharsets.UTF_8);
    from = Math.min(stop + 1, to);
    return true;
  }

  private int end(int start) {
    for (int i = start; i < to; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void refill() {
    System.arraycopy(buffer, from, buffer, 0, to - from);
    to -= from;
    from = 0;
    try {
      for (int count = 0; count >= 0 && to < buffer.length; to += Math.max(count, 0)) {
        count = in.read(buffer, to, buffer.length - to);
      }
    } catch (IOException e) {
      throw new TraceException(source, "it cannot be read: " + e, "a file that can", "");
    }
  }

  /** The line, without its end. */
  String line() {
    return line;
  }

  /** Its number, from 1. */
  long number() {
    return number;
  }
}
