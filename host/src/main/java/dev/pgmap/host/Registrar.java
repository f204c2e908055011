package dev.pgmap.host;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.dax.DaxDriver;
import dev.pgmap.api.fs.DaxFilesystemType;
import dev.pgmap.api.fs.PmemDriver;
import dev.pgmap.core.dax.DaxBus;
import dev.pgmap.core.fs.Filesystems;
import dev.pgmap.core.pmem.PmemBus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Registers the parts of plugins with the buses of a machine. Thread-safe. */
final class Registrar {
  /**
   * What a plugin has registered, by name; holds no object of the plugin.
   *
   * @param daxDriver the name of its dax driver, or null
   * @param pmemDriver the name of its pmem driver, or null
   * @param filesystems the names of its file system types
   */
  record Registered(
      @Nullable String daxDriver, @Nullable String pmemDriver, List<String> filesystems) {
    /** Nothing. */
    static final Registered NOTHING = new Registered(null, null, List.of());
  }

  private final DaxBus daxBus;
  private final PmemBus pmemBus;
  private final Filesystems filesystems;

  Registrar(DaxBus daxBus, PmemBus pmemBus, Filesystems filesystems) {
    this.daxBus = daxBus;
    this.pmemBus = pmemBus;
    this.filesystems = filesystems;
  }

  /** Registers all parts, or none if one is refused. */
  Registered register(PluginParts parts) {
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
      }
      return new Registered(
          dax == null ? null : dax.name(),
          pmem == null ? null : pmem.name(),
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
          String.valueOf(parts.daxDriver() == null ? parts.pmemDriver() : parts.daxDriver()),
          "in use by " + String.join(", ", users),
          "no device and no mount that uses it",
          "umount, then ndctl disable-namespace or daxctl disable-device first");
    }
    if (parts.pmemDriver() != null) {
      pmemBus.unregisterDriver(parts.pmemDriver());
    }
    if (parts.daxDriver() != null) {
      daxBus.unregisterDriver(parts.daxDriver());
    }
    parts.filesystems().forEach(filesystems::unregister);
  }

  /** The devices and mounts that use the parts. */
  List<String> usedBy(Registered parts) {
    List<String> users = new ArrayList<>();
    if (parts.daxDriver() != null) {
      users.addAll(daxBus.boundTo(parts.daxDriver()));
    }
    if (parts.pmemDriver() != null) {
      users.addAll(pmemBus.boundTo(parts.pmemDriver()));
    }
    filesystems.mounts().stream()
        .filter(mount -> parts.filesystems().contains(mount.registeredType()))
        .forEach(mount -> users.add(mount.path()));
    return users;
  }
}
