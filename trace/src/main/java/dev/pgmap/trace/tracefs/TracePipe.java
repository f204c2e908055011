package dev.pgmap.trace.tracefs;

import java.io.InterruptedIOException;
import java.io.Reader;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * {@code trace_pipe}, open (tracing_read_pipe, tracing_wait_pipe): a reader waits for events. It
 * comes to its end when tracing is off and it has shown something before.
 *
 * <p>Of the host's time: whoever watches is no part of the machine. For one thread.
 */
final class TracePipe extends Reader {
  private static final long POLL_MILLIS = 20;

  private final Supplier<String> consume;
  private final BooleanSupplier isOn;
  private final Runnable whileWaiting;
  private String text = "";
  private int position;
  private boolean hasShown;

  /**
   * The pipe, open.
   *
   * @param consume what there is now
   * @param isOn whether more may come
   * @param whileWaiting called between looks; what it throws ends the read
   */
  TracePipe(Supplier<String> consume, BooleanSupplier isOn, Runnable whileWaiting) {
    this.consume = consume;
    this.isOn = isOn;
    this.whileWaiting = whileWaiting;
  }

  @Override
  public int read(char[] into, int start, int length) throws InterruptedIOException {
    while (!ready()) {
      boolean mayCome = isOn.getAsBoolean();
      text = consume.get();
      position = 0;
      if (text.isEmpty()) {
        if (hasShown && !mayCome) {
          return -1;
        }
        await();
      }
    }
    int end = Math.min(text.length(), position + length);
    text.getChars(position, end, into, start);
    int taken = end - position;
    position = end;
    hasShown = true;
    return taken;
  }

  private void await() throws InterruptedIOException {
    whileWaiting.run();
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted");
    }
  }

  @Override
  public boolean ready() {
    return position < text.length();
  }

  @Override
  public void close() {
    text = "";
    position = 0;
  }
}
