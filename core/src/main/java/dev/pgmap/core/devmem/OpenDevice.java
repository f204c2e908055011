package dev.pgmap.core.devmem;

import dev.pgmap.api.devmem.DeviceFile;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.mm.AddressSpaces;
import dev.pgmap.core.mm.MapRequest;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.phys.PageMath;
import java.util.concurrent.atomic.AtomicBoolean;

/** An open file of a device that owns memory. Thread-safe. */
public final class OpenDevice implements AutoCloseable {
  private final DeviceFile file;
  private final AddressSpaces spaces;
  private final AddressSpace mapping;
  private final Runnable closed;
  private final AtomicBoolean open = new AtomicBoolean(true);

  OpenDevice(String path, DeviceFile file, AddressSpaces spaces, Runnable closed) {
    this.file = file;
    this.spaces = spaces;
    this.mapping = spaces.create(path, file.mappable());
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

  /**
   * {@code mmap} of this file, private: its pages are in place at once, as a driver's {@code
   * vm_insert_page} puts them there.
   *
   * @return the first address
   * @throws dev.pgmap.api.MmException as {@link Mm#mmap}
   */
  public long mmap(Mm mm, long bytes) {
    long start = mm.mmap(MapRequest.of(mapping, bytes, 0));
    for (long at = start; at < start + bytes; at += PageMath.PAGE_BYTES) {
      mm.handleFault(at, false);
    }
    return start;
  }

  /** {@code close}; a second call does nothing. */
  @Override
  public void close() {
    if (open.compareAndSet(true, false)) {
      try {
        file.release();
      } finally {
        spaces.remove(mapping);
        closed.run();
      }
    }
  }
}
