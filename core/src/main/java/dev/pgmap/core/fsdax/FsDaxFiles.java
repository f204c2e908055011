package dev.pgmap.core.fsdax;

import dev.pgmap.api.fs.IomapOps;
import dev.pgmap.core.pmem.DiskBytes;

/**
 * Makes the DAX files of one machine.
 *
 * @param context what they are built on
 */
public record FsDaxFiles(FsDaxContext context) implements FileMappings {
  @Override
  public FileMapping create(String name, long ino, IomapOps iomap, DiskBytes bytes) {
    return new DaxFile(context, DaxTarget.of(bytes), name, ino, iomap);
  }
}
