package dev.pgmap.core.pmem;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.PmemDriver;
import dev.pgmap.core.nvdimm.Namespace;
import dev.pgmap.core.nvdimm.NamespaceDriver;
import dev.pgmap.core.sync.Mutex;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The pmem devices of a machine and the drivers that bind to them.
 *
 * <p>A device that is there before its driver waits for it. Whoever binds or unbinds a device holds
 * the lock of the drivers for that time, so that a driver cannot go while one of its devices comes.
 * Thread-safe.
 */
public final class PmemBus implements NamespaceDriver {
  private final PmemServices services;
  private final Mutex lock = new Mutex();
  private final Map<String, PmemDriver> drivers = new LinkedHashMap<>();
  private final Map<String, PmemDisk> disks = new ConcurrentSkipListMap<>();
  private volatile Consumer<PmemDisk> openCheck = disk -> {};

  /** A bus without devices or drivers. */
  public PmemBus(PmemServices services) {
    this.services = services;
  }

  /**
   * Says who refuses that a device goes at ndctl's wish.
   *
   * @param check throws EBUSY while somebody has the device open for itself
   */
  public void setOpenCheck(Consumer<PmemDisk> check) {
    openCheck = check;
  }

  /** The devices that have a block device, by name. */
  public List<PmemDisk> disks() {
    return disks.values().stream().filter(PmemDisk::hasDisk).toList();
  }

  /**
   * The block device at a path such as {@code /dev/pmem0}.
   *
   * @throws MmException ENOENT if there is none
   */
  public PmemDisk open(String path) {
    for (PmemDisk disk : disks()) {
      if (disk.path().equals(path)) {
        return disk;
      }
    }
    throw new MmException(
        Errno.ENOENT,
        path,
        "no such block device",
        disks().isEmpty()
            ? "a block device, but there is none at all"
            : "one of " + disks().stream().map(PmemDisk::path).toList(),
        "ndctl create-namespace -m fsdax makes one; see also lsmod");
  }

  /** The device of a pgmap, or null: who hears of pages that fail. */
  public @Nullable PmemDisk ofPagemap(int index) {
    for (PmemDisk disk : disks.values()) {
      var pagemap = disk.pagemap();
      if (pagemap != null && pagemap.index() == index) {
        return disk;
      }
    }
    return null;
  }

  /** The devices that a driver has. */
  public List<String> boundTo(String driver) {
    return disks.values().stream()
        .filter(disk -> Objects.equals(disk.driverName(), driver))
        .map(PmemDisk::name)
        .toList();
  }

  /**
   * Registers a driver and offers it the devices without one; a device that it cannot drive is
   * reported in the log.
   *
   * @throws MmException EEXIST if a driver has that name
   */
  public void registerDriver(PmemDriver driver) {
    lock.lock();
    try {
      if (drivers.putIfAbsent(driver.name(), driver) != null) {
        throw new MmException(
            Errno.EEXIST,
            "pmem driver " + driver.name(),
            "registered already",
            "a name of its own",
            "");
      }
      for (PmemDisk disk : disks.values()) {
        offerQuietly(disk, driver);
      }
    } finally {
      lock.unlock();
    }
  }

  private void offerQuietly(PmemDisk disk, PmemDriver driver) {
    if (disk.driverName() != null) {
      return;
    }
    try {
      disk.bind(driver);
    } catch (MmException e) {
      services
          .log()
          .warn(
              "%s %s: probe failed with error -%d: %s",
              driver.name(), disk, e.errno().number(), e.getMessage());
    }
  }

  /**
   * Takes a driver away that is bound to nothing.
   *
   * @throws MmException ENOENT, or EBUSY that names the devices
   */
  public void unregisterDriver(String name) {
    lock.lock();
    try {
      if (!drivers.containsKey(name)) {
        throw new MmException(
            Errno.ENOENT, "pmem driver " + name, "not registered", "a registered driver", "");
      }
      List<String> bound = boundTo(name);
      if (!bound.isEmpty()) {
        throw new MmException(
            Errno.EBUSY,
            "pmem driver " + name,
            "in use by " + String.join(", ", bound),
            "no bound device",
            "ndctl disable-namespace first");
      }
      drivers.remove(name);
    } finally {
      lock.unlock();
    }
  }

  /** The name of a namespace's disk ({@code nvdimm_namespace_disk_name}). */
  private static String diskName(Namespace namespace) {
    String first = "pmem" + namespace.regionId();
    return namespace.id() == 0 ? first : first + "." + namespace.id();
  }

  @Override
  public String attach(Namespace namespace) {
    PmemDisk disk =
        new PmemDisk(diskName(namespace), namespace.range(), namespace.setup(), services);
    lock.lock();
    try {
      if (!drivers.isEmpty()) {
        disk.bind(drivers.values().iterator().next());
      }
      disks.put(disk.name(), disk);
    } finally {
      lock.unlock();
    }
    return disk.name();
  }

  @Override
  public void checkUnused(Namespace namespace) {
    PmemDisk disk = disks.get(diskName(namespace));
    if (disk != null) {
      openCheck.accept(disk);
    }
  }

  @Override
  public void detach(Namespace namespace) {
    PmemDisk disk = disks.get(diskName(namespace));
    if (disk != null) {
      disk.unbind();
      disks.remove(disk.name(), disk);
    }
  }
}
