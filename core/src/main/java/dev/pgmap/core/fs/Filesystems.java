package dev.pgmap.core.fs;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.DaxFilesystemType;
import dev.pgmap.api.fs.MountedFilesystem;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.fsdax.FileMappings;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.pmem.PmemDisk;
import dev.pgmap.core.sync.Mutex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The types of file systems that can be mounted, and the mounts of a machine.
 *
 * <p>A device has at most one mount, a path at most one. Thread-safe.
 */
public final class Filesystems {
  private record Mounted(Mount mount, MountHost host) {}

  private final FileMappings mappings;
  private final boolean sharedBlocks;
  private final KernelLog log;
  private final Mutex lock = new Mutex();
  private final Map<String, DaxFilesystemType> types = new ConcurrentSkipListMap<>();
  private final List<Mounted> mounts = new CopyOnWriteArrayList<>();

  /**
   * No type and no mount.
   *
   * @param mappings makes what maps the files
   * @param sharedBlocks whether this kernel lets DAX files share blocks
   */
  public Filesystems(FileMappings mappings, boolean sharedBlocks, KernelLog log) {
    this.mappings = mappings;
    this.sharedBlocks = sharedBlocks;
    this.log = log;
  }

  /**
   * {@code register_filesystem}.
   *
   * @throws MmException EEXIST if there is a type of that name
   */
  public void register(DaxFilesystemType type) {
    if (types.putIfAbsent(type.name(), type) != null) {
      throw new MmException(
          Errno.EEXIST, "file system " + type.name(), "registered already", "another name", "");
    }
  }

  /**
   * {@code unregister_filesystem}.
   *
   * @throws MmException ENOENT; EBUSY with the mounts of that type
   */
  public void unregister(String name) {
    lock.lock();
    try {
      List<Mount> users =
          mounts().stream().filter(mount -> mount.registeredType().equals(name)).toList();
      if (!users.isEmpty()) {
        throw new MmException(
            Errno.EBUSY, "file system " + name, "mounted: " + users, "no mount", "umount them");
      }
      if (types.remove(name) == null) {
        throw new MmException(
            Errno.ENOENT, "file system " + name, "not registered", "a registered type", "");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether this kernel lets DAX files share blocks. */
  public boolean allowsSharing() {
    return sharedBlocks;
  }

  /** The names of the registered types. */
  public List<String> types() {
    return List.copyOf(types.keySet());
  }

  /**
   * The type that answers to a name, its own or a flavour's.
   *
   * @param name the name, or null for the only type that there is
   * @throws MmException ENODEV if there is none
   */
  public DaxFilesystemType type(@Nullable String name) {
    for (DaxFilesystemType type : types.values()) {
      if (name == null || type.name().equals(name) || type.flavours().contains(name)) {
        return type;
      }
    }
    throw new MmException(
        Errno.ENODEV,
        "file system " + (name == null ? "" : name),
        "no such type is registered",
        types.isEmpty() ? "a type, but there is none" : "one of " + types(),
        "insmod fsdax");
  }

  /** The mounts, in the order in which they were made. */
  public List<Mount> mounts() {
    return mounts.stream().map(Mounted::mount).toList();
  }

  /** The mount that holds an absolute path, the innermost if there are several; or null. */
  public @Nullable Mount holding(String path) {
    Mount best = null;
    for (Mount mount : mounts()) {
      if (mount.holds(path) && (best == null || best.path().length() < mount.path().length())) {
        best = mount;
      }
    }
    return best;
  }

  /**
   * Refuses while a device is mounted.
   *
   * @throws MmException EBUSY
   */
  public void checkNotMounted(PmemDisk disk) {
    for (Mount mount : mounts()) {
      if (mount.disk() == disk) {
        throw new MmException(
            Errno.EBUSY,
            disk.path(),
            "mounted on " + mount.path(),
            "a device that nobody has open",
            "umount " + mount.path());
      }
    }
  }

  /**
   * {@code mount}.
   *
   * @param typeName null for the type that there is
   * @param path absolute, without a slash at the end
   * @throws MmException EBUSY for a path or device in use, ENODEV without the type, EINVAL and
   *     EUCLEAN for what is on the device
   */
  @KernelFunction("path_mount")
  public Mount mount(@Nullable String typeName, PmemDisk disk, String path) {
    lock.lock();
    try {
      DaxFilesystemType type = type(typeName);
      checkNotMounted(disk);
      checkFree(path);
      MountHost host = new MountHost(path, disk.bytes(), mappings, sharedBlocks, log);
      Mount mount = new Mount(disk, path, type.name(), mountOn(type, disk, host));
      mounts.add(new Mounted(mount, host));
      log.info("%s: mounted %s on %s", disk, mount.filesystem().typeName(), path);
      return mount;
    } finally {
      lock.unlock();
    }
  }

  private static MountedFilesystem mountOn(DaxFilesystemType type, PmemDisk disk, MountHost host) {
    try {
      return type.mount(disk.bytes(), host);
    } catch (RuntimeException e) {
      host.releaseHolder();
      throw e;
    }
  }

  private void checkFree(String path) {
    for (Mount mount : mounts()) {
      if (mount.path().equals(path)) {
        throw new MmException(
            Errno.EBUSY, path, mount + " is there", "a free mount point", "umount " + path);
      }
    }
  }

  /**
   * {@code umount}.
   *
   * @param where the mount point or the device
   * @throws MmException EINVAL if nothing is mounted there, EBUSY while a file is in use
   */
  @KernelFunction("path_umount")
  public void unmount(String where) {
    Mounted mounted = mounted(where);
    mounted.mount().filesystem().unmount();
    mounted.host().releaseHolder();
    mounts.remove(mounted);
    log.info("%s: unmounted from %s", mounted.mount().disk(), mounted.mount().path());
  }

  private Mounted mounted(String where) {
    List<Mounted> newestFirst = new ArrayList<>(mounts);
    for (Mounted mounted : newestFirst.reversed()) {
      if (mounted.mount().path().equals(where) || mounted.mount().disk().path().equals(where)) {
        return mounted;
      }
    }
    throw new MmException(
        Errno.EINVAL,
        where,
        "nothing is mounted there",
        mounts.isEmpty() ? "a mount, but there is none" : "one of " + mounts(),
        "");
  }
}
