package dev.pgmap.shell;

import java.io.Writer;
import org.jline.reader.LineReader;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a terminal; while a line is being typed there, whole lines appear above it.
 *
 * <p>Thread-safe.
 */
final class PromptWriter extends Writer {
  private final Writer terminal;
  private final StringBuilder pending = new StringBuilder();
  private @Nullable LineReader reader;

  PromptWriter(Writer terminal) {
    super();
    this.terminal = terminal;
  }

  /** From now on, this reader's prompt is spared. */
  void attach(LineReader newReader) {
    synchronized (lock) {
      reader = newReader;
    }
  }

  @Override
  public void write(char[] buffer, int offset, int length) {
    synchronized (lock) {
      pending.append(buffer, offset, length);
    }
  }

  @Override
  public void flush() throws java.io.IOException {
    synchronized (lock) {
      if (reader != null && reader.isReading()) {
        int end = pending.lastIndexOf("\n");
        if (end >= 0) {
          reader.printAbove(pending.substring(0, end));
          pending.delete(0, end + 1);
        }
      } else {
        terminal.write(pending.toString());
        terminal.flush();
        pending.setLength(0);
      }
    }
  }

  @Override
  public void close() throws java.io.IOException {
    flush();
  }
}
