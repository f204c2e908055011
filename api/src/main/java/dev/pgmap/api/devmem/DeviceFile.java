package dev.pgmap.api.devmem;

import dev.pgmap.api.mm.MappableFile;

/** An open file of a character device. Calls may come from several threads at once. */
public interface DeviceFile {
  /**
   * {@code ioctl}.
   *
   * @param command its number
   * @param words the argument: a struct as an array of its members, read and written
   * @throws dev.pgmap.api.MmException with its errno; what was written to {@code words} counts even
   *     then
   */
  void ioctl(int command, long[] words);

  /** {@code mmap}: what the file can be mapped as. */
  MappableFile mappable();

  /** {@code release}: the last reference of the file is gone. */
  void release();
}
