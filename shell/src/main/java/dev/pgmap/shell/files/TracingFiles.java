package dev.pgmap.shell.files;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.shell.session.Lab;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.tracefs.TraceFs;
import java.io.Reader;
import java.util.List;

/** {@code /sys/kernel/tracing}: the tracer begins with the first look at it. */
final class TracingFiles implements VirtualTree {
  static final String ROOT = "/sys/kernel/tracing";

  /** Where kernels before 4.1 had it, and all later ones still do. */
  static final String OLD_ROOT = "/sys/kernel/debug/tracing";

  private final Lab lab;

  TracingFiles(Lab lab) {
    this.lab = lab;
  }

  private TraceFs files() {
    try {
      return lab.traceFs();
    } catch (TraceException e) {
      throw new MmException(Errno.ENODEV, ROOT + ": " + e.getMessage());
    }
  }

  @Override
  public boolean isDirectory(String path) {
    return path.isEmpty() || files().isDirectory(path);
  }

  @Override
  public List<String> list(String path) {
    return files().list(path);
  }

  @Override
  public boolean isWritable(String path) {
    return files().isWritable(path);
  }

  @Override
  public String read(String path) {
    return files().read(path);
  }

  @Override
  public Reader open(String path, Runnable whileWaiting) {
    return files().open(path, whileWaiting);
  }

  @Override
  public void write(String path, String text, boolean append) {
    files().write(path, text, append);
  }
}
