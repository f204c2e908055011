package dev.pgmap.shell.session;

import java.io.PrintWriter;
import java.io.Reader;
import java.io.Writer;

/**
 * What stands between two commands: text in at one end, out at the other, in another thread.
 *
 * <p>A writer that is too far ahead waits; one that nobody reads any more gets a {@link
 * BrokenPipe}. A reader waits for text or for the end. An interrupt ends both with a {@link
 * CommandInterrupted}.
 */
public final class Pipe {
  /** As a kernel's pipe, which has room for 16 pages. */
  private static final int CAPACITY_CHARS = 1 << 16;

  private final StringBuilder text = new StringBuilder();
  private boolean written;
  private boolean abandoned;

  /** The end to write to; closing it lets the reader come to its end. */
  public PrintWriter writer() {
    return new PrintWriter(new In()) {
      @Override
      public boolean checkError() {
        return isAbandoned() || super.checkError();
      }
    };
  }

  /** The end to read from; closing it breaks the pipe. */
  public Reader reader() {
    return new Out();
  }

  private synchronized boolean isAbandoned() {
    return abandoned;
  }

  private synchronized void put(char[] from, int start, int length) {
    int end = start + length;
    for (int at = start; at < end; ) {
      while (text.length() == CAPACITY_CHARS && !abandoned) {
        await();
      }
      if (abandoned) {
        throw new BrokenPipe();
      }
      int room = Math.min(end - at, CAPACITY_CHARS - text.length());
      text.append(from, at, room);
      at += room;
      notifyAll();
    }
  }

  private synchronized int take(char[] into, int start, int length) {
    while (text.isEmpty() && !written) {
      await();
    }
    if (text.isEmpty()) {
      return -1;
    }
    int taken = Math.min(length, text.length());
    text.getChars(0, taken, into, start);
    text.delete(0, taken);
    notifyAll();
    return taken;
  }

  private void await() {
    try {
      wait();
    } catch (InterruptedException e) {
      throw new CommandInterrupted();
    }
  }

  private synchronized boolean hasNews() {
    return !text.isEmpty() || written;
  }

  private synchronized void endWriting() {
    written = true;
    notifyAll();
  }

  private synchronized void endReading() {
    abandoned = true;
    notifyAll();
  }

  private final class In extends Writer {
    @Override
    public void write(char[] from, int start, int length) {
      put(from, start, length);
    }

    @Override
    public void flush() {
      // What is written can be read at once.
    }

    @Override
    public void close() {
      endWriting();
    }
  }

  private final class Out extends Reader {
    @Override
    public int read(char[] into, int start, int length) {
      return take(into, start, length);
    }

    @Override
    public boolean ready() {
      return hasNews();
    }

    @Override
    public void close() {
      endReading();
    }
  }
}
