package dev.pgmap.host;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The one thread on which the plugin framework and the plugins' entry points are called. */
final class HostThread implements AutoCloseable {
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("plugin-host").daemon(true).factory());

  /**
   * Runs code on the host thread and waits for it.
   *
   * @throws MmException what the code throws, or EINTR if the caller is interrupted; the code is
   *     interrupted then, too
   */
  <T> T call(Callable<T> code) {
    Future<T> future = executor.submit(code);
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(true);
      throw new MmException(
          Errno.EINTR, "plugin host", "interrupted", "patience", "see lsmod for what became of it");
    } catch (ExecutionException e) {
      throw asMmException(e.getCause());
    }
  }

  /** Runs code on the host thread after all that was asked for so far, without waiting for it. */
  void later(Runnable code) {
    executor.execute(code);
  }

  private static MmException asMmException(@Nullable Throwable cause) {
    return cause instanceof MmException known
        ? known
        : new MmException(Errno.EIO, "plugin host: " + cause);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
