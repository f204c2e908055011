package dev.pgmap.api;

import dev.pgmap.api.dax.DaxDriver;
import dev.pgmap.api.devmem.DevmemDriver;
import dev.pgmap.api.fs.DaxFilesystemType;
import dev.pgmap.api.fs.PmemDriver;
import java.util.List;
import java.util.Optional;

/**
 * A kind of device memory, as a loadable module: the extension point of the plugin jars.
 *
 * <p>A plugin jar names its implementation in {@code META-INF/extensions.idx} and its constraints
 * in {@code META-INF/pgmap/constraints.properties}. The implementation needs a public constructor
 * without parameters. The host calls all methods on one thread and never hands the instance out.
 */
public interface DeviceMemoryPlugin {
  /** The module name that {@code lsmod} shows, such as {@code device_dax}. */
  String name();

  /** The driver that this plugin registers on the dax bus, if it drives dax devices. */
  default Optional<DaxDriver> daxDriver() {
    return Optional.empty();
  }

  /** The driver of devices that own memory, if this plugin drives some. */
  default Optional<DevmemDriver> devmemDriver() {
    return Optional.empty();
  }

  /** The driver that this plugin registers for namespaces in fsdax mode, if it drives them. */
  default Optional<PmemDriver> pmemDriver() {
    return Optional.empty();
  }

  /** The file systems that this plugin registers. */
  default List<DaxFilesystemType> filesystemTypes() {
    return List.of();
  }
}
