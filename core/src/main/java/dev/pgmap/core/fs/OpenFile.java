package dev.pgmap.core.fs;

import dev.pgmap.api.fs.FsFile;
import dev.pgmap.core.mm.AddressSpace;
import org.jspecify.annotations.Nullable;

/**
 * What {@code open} gives for something that can be mapped. Areas that map it outlive its closing.
 *
 * @param space what a task maps
 * @param file the file of a mounted file system; null for a device node
 */
public record OpenFile(AddressSpace space, @Nullable FsFile file) implements AutoCloseable {
  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
  }
}
