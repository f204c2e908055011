package dev.pgmap.core.fsdax;

import dev.pgmap.api.fs.IomapOps;
import dev.pgmap.core.pmem.DiskBytes;

/** Makes the mappings of the DAX files of a machine. Thread-safe. */
public interface FileMappings {
  /**
   * The mapping of a file that has none yet.
   *
   * @param name the file's path, for messages
   * @param ino its inode number
   * @param iomap where its bytes lie on the device
   * @param bytes the device
   */
  FileMapping create(String name, long ino, IomapOps iomap, DiskBytes bytes);
}
