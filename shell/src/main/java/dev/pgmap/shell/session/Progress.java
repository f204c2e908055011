package dev.pgmap.shell.session;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * How far a long piece of work is, on one line of the error stream that is overwritten.
 *
 * <p>Silent unless the error stream is a terminal, and during the first moments. Used by one
 * thread.
 */
public final class Progress implements AutoCloseable {
  private static final long FIRST_NANOS = 500_000_000;
  private static final long EVERY_NANOS = 100_000_000;

  private final PrintWriter out;
  private final boolean enabled;
  private final String what;
  private final long total;
  private long nextNanos;
  private boolean shown;

  Progress(PrintWriter out, boolean enabled, String what, long total) {
    this.out = out;
    this.enabled = enabled;
    this.what = what;
    this.total = Math.max(1, total);
    this.nextNanos = System.nanoTime() + FIRST_NANOS;
  }

  /** Tells how much of the total is done; cheap enough to call often. */
  public void report(long done) {
    if (!enabled || System.nanoTime() - nextNanos < 0) {
      return;
    }
    nextNanos = System.nanoTime() + EVERY_NANOS;
    shown = true;
    out.print(String.format(Locale.ROOT, "\r%s: %3d %%", what, done * 100 / total));
    out.flush();
  }

  /** Wipes the line. */
  @Override
  public void close() {
    if (shown) {
      out.print("\r\033[K");
      out.flush();
    }
  }
}
