package dev.pgmap.shell.conformance;

import java.io.PrintWriter;
import java.io.Writer;

/**
 * What a command prints, both streams in the order of printing, as {@code 2>&1} has it; a mark
 * tells where something of the error stream begins. Thread-safe.
 */
final class Capture {
  /** Stands before what went to the error stream. */
  static final char ERROR_MARK = '\u0001';

  private final StringBuffer text = new StringBuffer();

  /** A stream into it. */
  private final class Stream extends Writer {
    private final boolean error;
    private boolean atLineStart = true;

    Stream(boolean error) {
      super(text);
      this.error = error;
    }

    @Override
    public void write(char[] buffer, int offset, int length) {
      synchronized (lock) {
        for (int i = offset; i < offset + length; i++) {
          if (error && atLineStart) {
            text.append(ERROR_MARK);
          }
          text.append(buffer[i]);
          atLineStart = buffer[i] == '\n';
        }
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  PrintWriter out() {
    return new PrintWriter(new Stream(false));
  }

  PrintWriter err() {
    return new PrintWriter(new Stream(true));
  }

  String text() {
    return text.toString();
  }

  /** Forgets what was printed so far. */
  void clear() {
    text.setLength(0);
  }
}
