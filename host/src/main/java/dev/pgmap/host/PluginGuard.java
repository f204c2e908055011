package dev.pgmap.host;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.log.KernelLog;
import java.util.function.Supplier;

/**
 * Stands around every call into a plugin: sets the thread's context class loader, and turns what
 * the plugin throws into an {@link MmException} that holds no object of the plugin.
 *
 * <p>Immutable; used by any thread.
 */
final class PluginGuard {
  private final String module;
  private final ClassLoader loader;
  private final KernelLog log;

  PluginGuard(String module, ClassLoader loader, KernelLog log) {
    this.module = module;
    this.loader = loader;
    this.log = log;
  }

  void run(String call, Runnable code) {
    get(
        call,
        () -> {
          code.run();
          return true;
        });
  }

  /**
   * Calls into the plugin.
   *
   * @param call what is called, for messages
   * @throws MmException what the plugin throws; EIO, or ENOMEM, for anything but an MmException
   */
  <T> T get(String call, Supplier<T> code) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return code.get();
    } catch (MmException e) {
      throw ofTheEngine(e) ? e : new MmException(e.errno(), module + ": " + messageOf(e));
    } catch (Exception | Error e) {
      throw failed(call, e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private boolean ofTheEngine(MmException e) {
    return !loader.equals(e.getClass().getClassLoader())
        && e.getCause() == null
        && e.getSuppressed().length == 0;
  }

  /** What a plugin's failure becomes; says so in the log, too. */
  MmException failed(String call, Throwable cause) {
    String at = cause.getStackTrace().length == 0 ? "" : " at " + cause.getStackTrace()[0];
    String found = cause.getClass().getName() + ": " + messageOf(cause) + at;
    log.warn("%s: %s threw %s", module, call, found);
    return new MmException(
        cause instanceof OutOfMemoryError ? Errno.ENOMEM : Errno.EIO,
        module + ": " + call,
        "the plugin threw " + found,
        "a plugin that fails with an MmException",
        "report it to the plugin's provider");
  }

  private static String messageOf(Throwable cause) {
    try {
      return String.valueOf(cause.getMessage());
    } catch (RuntimeException | Error e) {
      return "(its message cannot be had)";
    }
  }
}
