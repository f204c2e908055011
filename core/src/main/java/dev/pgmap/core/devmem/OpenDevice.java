package dev.pgmap.core.devmem;

import dev.pgmap.api.devmem.DeviceFile;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.mm.AddressSpaces;
import java.util.concurrent.atomic.AtomicBoolean;

/** An open file of a device that owns memory. Thread-safe. */
public final class OpenDevice implements AutoCloseable {
  private final String path;
  private final DeviceFile file;
  private final AddressSpaces spaces;
  private final Runnable closed;
  private final AtomicBoolean open = new AtomicBoolean(true);

  OpenDevice(String path, DeviceFile file, AddressSpaces spaces, Runnable closed) {
    this.path = path;
    this.file = file;
    this.spaces = spaces;
    this.closed = closed;
  }

  /**
   * {@code ioctl}.
   *
   * @param words the argument, read and written
   * @throws dev.pgmap.api.MmException what the driver says
   */
  public void ioctl(int command, long[] words) {
    file.ioctl(command, words);
  }

  /** What {@code mmap} of this file maps. */
  public AddressSpace mapping() {
    return spaces.create(path, file.mappable());
  }

  /** {@code close}; a second call does nothing. */
  @Override
  public void close() {
    if (open.compareAndSet(true, false)) {
      try {
        file.release();
      } finally {
        closed.run();
      }
    }
  }
}
