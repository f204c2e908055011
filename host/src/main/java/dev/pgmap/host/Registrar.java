package dev.pgmap.host;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.dax.DaxDriver;
import dev.pgmap.api.devmem.DevmemDriver;
import dev.pgmap.api.fs.DaxFilesystemType;
import dev.pgmap.api.fs.PmemDriver;
import dev.pgmap.core.dax.DaxBus;
import dev.pgmap.core.devmem.DevmemBus;
import dev.pgmap.core.fs.Filesystems;
import dev.pgmap.core.pmem.PmemBus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Registers the parts of plugins with the buses of a machine. Thread-safe. */
final class Registrar {
  /**
   * What a plugin has registered, by name; holds no object of the plugin.
   *
   * @param daxDriver the name of its dax driver, or null
   * @param pmemDriver the name of its pmem driver, or null
   * @param devmemDriver the name of its driver of devices that own memory, or null
   * @param filesystems the names of its file system types
   */
  record Registered(
      @Nullable String daxDriver,
      @Nullable String pmemDriver,
      @Nullable String devmemDriver,
      List<String> filesystems) {
    /** Nothing. */
    static final Registered NOTHING = new Registered(null, null, null, List.of());
  }

  private final DaxBus daxBus;
  private final PmemBus pmemBus;
  private final DevmemBus devmemBus;
  private final Filesystems filesystems;

  Registrar(DaxBus daxBus, PmemBus pmemBus, DevmemBus devmemBus, Filesystems filesystems) {
    this.daxBus = daxBus;
    this.pmemBus = pmemBus;
    this.devmemBus = devmemBus;
    this.filesystems = filesystems;
  }

  /**
   * Registers all parts, or none if one is refused.
   *
   * @param parameters of the module
   */
  Registered register(PluginParts parts, Map<String, Long> parameters) {
    ArrayDeque<Runnable> undo = new ArrayDeque<>();
    try {
      for (DaxFilesystemType type : parts.filesystems()) {
        filesystems.register(type);
        undo.push(() -> filesystems.unregister(type.name()));
      }
      DaxDriver dax = parts.daxDriver();
      if (dax != null) {
        daxBus.registerDriver(dax);
        undo.push(() -> daxBus.unregisterDriver(dax.name()));
      }
      PmemDriver pmem = parts.pmemDriver();
      if (pmem != null) {
        pmemBus.registerDriver(pmem);
        undo.push(() -> pmemBus.unregisterDriver(pmem.name()));
      }
      DevmemDriver devmem = parts.devmemDriver();
      if (devmem != null) {
        devmemBus.register(devmem, parameters);
      }
      return new Registered(
          dax == null ? null : dax.name(),
          pmem == null ? null : pmem.name(),
          devmem == null ? null : devmem.name(),
          parts.filesystems().stream().map(DaxFilesystemType::name).toList());
    } catch (RuntimeException e) {
      undo.forEach(Runnable::run);
      throw e;
    }
  }

  /**
   * Takes the parts away.
   *
   * @throws MmException EBUSY with who uses one; all stay registered then
   */
  void unregister(Registered parts) {
    List<String> users = usedBy(parts);
    if (!users.isEmpty()) {
      throw new MmException(
          Errno.EBUSY,
          nameOf(parts),
          "in use by " + String.join(", ", users),
          "no device and no mount that uses it",
          "umount, then ndctl disable-namespace or daxctl disable-device first");
    }
    if (parts.devmemDriver() != null) {
      devmemBus.unregister(parts.devmemDriver());
    }
    if (parts.pmemDriver() != null) {
      pmemBus.unregisterDriver(parts.pmemDriver());
    }
    if (parts.daxDriver() != null) {
      daxBus.unregisterDriver(parts.daxDriver());
    }
    parts.filesystems().forEach(filesystems::unregister);
  }

  private static String nameOf(Registered parts) {
    return Stream.of(parts.daxDriver(), parts.pmemDriver(), parts.devmemDriver())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("the module");
  }

  /** The devices, mounts and open files that use the parts. */
  List<String> usedBy(Registered parts) {
    List<String> users = new ArrayList<>();
    if (parts.daxDriver() != null) {
      users.addAll(daxBus.boundTo(parts.daxDriver()));
    }
    if (parts.pmemDriver() != null) {
      users.addAll(pmemBus.boundTo(parts.pmemDriver()));
    }
    String devmem = parts.devmemDriver();
    if (devmem != null && devmemBus.openFiles(devmem) > 0) {
      users.add(devmemBus.openFiles(devmem) + " open files");
    }
    filesystems.mounts().stream()
        .filter(mount -> parts.filesystems().contains(mount.registeredType()))
        .forEach(mount -> users.add(mount.path()));
    return users;
  }
}
