package dev.pgmap.host;

import dev.pgmap.api.dax.DaxDriver;
import dev.pgmap.api.devmem.DevmemDriver;
import dev.pgmap.api.fs.DaxFilesystemType;
import dev.pgmap.api.fs.PmemDriver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a plugin registers with the engine, all of it guarded.
 *
 * @param daxDriver its driver on the dax bus, or null
 * @param pmemDriver its driver of fsdax namespaces, or null
 * @param devmemDriver its driver of devices that own memory, or null
 * @param filesystems its types of file systems
 */
record PluginParts(
    @Nullable DaxDriver daxDriver,
    @Nullable PmemDriver pmemDriver,
    @Nullable DevmemDriver devmemDriver,
    List<DaxFilesystemType> filesystems) {
  /** Copies the list. */
  PluginParts {
    filesystems = List.copyOf(filesystems);
  }
}
