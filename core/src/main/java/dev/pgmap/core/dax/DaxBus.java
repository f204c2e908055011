package dev.pgmap.core.dax;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.dax.DaxDriver;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.dax.DevDax.State;
import dev.pgmap.core.nvdimm.Namespace;
import dev.pgmap.core.nvdimm.PfnSetup;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The dax bus of one machine: its regions, devices and drivers, and what {@code daxctl} does.
 *
 * <p>A device without a driver has no node in {@code /dev} and no struct pages. When a driver is
 * registered it is offered all devices that have none; when a device appears, it is offered to the
 * drivers.
 *
 * <p>Thread-safe. See {@link DaxBinding} for how devices are claimed while they change.
 */
public final class DaxBus {
  private final DaxServices services;
  private final DaxBinding binding;
  private final List<DaxRegion> regions = new CopyOnWriteArrayList<>();

  /** A bus without regions or drivers. */
  public DaxBus(DaxServices services) {
    this.services = services;
    this.binding = new DaxBinding(services.log());
  }

  /** Writes to its sysfs files. */
  public DaxAttributes attributes() {
    return new DaxAttributes(this, binding, services);
  }

  /** The device files of this bus. */
  public DevNodes nodes() {
    return services.nodes();
  }

  /**
   * Adds memory that firmware reserved for dax, with device 0 that has all of it.
   *
   * @param id a number that no other region has
   * @throws MmException EINVAL if the range is not aligned
   */
  public DaxRegion addDynamicRegion(int id, PhysRange range, long alignBytes) {
    DaxRegion region = new DaxRegion(id, range, alignBytes, false, services.geometry());
    DevDax first = new DevDax(region, 0, alignBytes, null, services);
    region.add(first);
    region.resize(first, range.bytes(), alignBytes);
    regions.add(region);
    binding.offerToDefault(first);
    return region;
  }

  /** The regions, by number. */
  public List<DaxRegion> regions() {
    return regions.stream().sorted(Comparator.comparingInt(DaxRegion::id)).toList();
  }

  /** All devices, by region and number; also those without a driver or without memory. */
  public List<DevDax> devices() {
    return regions().stream().flatMap(region -> region.devices().stream()).toList();
  }

  /**
   * The device of that name.
   *
   * @throws MmException ENXIO if there is none
   */
  public DevDax device(String name) {
    for (DevDax device : devices()) {
      if (device.name().equals(name)) {
        return device;
      }
    }
    throw new MmException(
        Errno.ENXIO, name, "no such dax device", "one of " + devices(), "see daxctl list -i");
  }

  /** The names of the registered drivers. */
  public List<String> drivers() {
    return binding.driverNames();
  }

  /** The devices that a driver is bound to, is being bound to or unbound from. */
  public List<String> boundTo(String driver) {
    return devices().stream()
        .filter(device -> Objects.equals(device.driverName(), driver))
        .map(DevDax::name)
        .toList();
  }

  /**
   * Registers a driver and offers it the devices without one, if it takes any. A device that it
   * cannot drive is reported in the log.
   *
   * @throws MmException EEXIST if a driver has that name
   */
  public void registerDriver(DaxDriver driver) {
    binding.register(driver);
    if (driver.matchesAlways()) {
      devices().forEach(device -> binding.offerQuietly(device, driver));
    }
  }

  /**
   * Takes a driver away that is bound to nothing.
   *
   * @throws MmException ENOENT, or EBUSY that names the devices
   */
  public void unregisterDriver(String name) {
    binding.unregister(name, () -> boundTo(name));
  }

  /** Makes the region and the device of a namespace; undone if a driver refuses the device. */
  DevDax addStatic(Namespace namespace) {
    PfnSetup setup = Objects.requireNonNull(namespace.setup());
    DaxRegion region =
        new DaxRegion(
            namespace.regionId(), setup.dataRange(), setup.alignBytes(), true, services.geometry());
    DevDax device = new DevDax(region, namespace.id(), setup.alignBytes(), setup, services);
    device.setMemory(DaxRange.inOrder(List.of(setup.dataRange())), setup.alignBytes());
    region.add(device);
    return binding.introduce(
        () -> {
          regions.add(region);
          return device;
        },
        refused -> regions.remove(region));
  }

  /** Takes the device and the region of a namespace away; blocks until its memory is offline. */
  void removeStatic(String name) {
    DevDax device = device(name);
    binding.removeForGood(device);
    regions.remove(device.region());
  }

  /**
   * {@code daxctl create-device}.
   *
   * @param regionId a dynamic region, or null for the first with room
   * @return the device, bound if there is a driver
   * @throws MmException EINVAL, ENOSPC, ENXIO, and what the driver's probe fails with; nothing is
   *     left behind
   */
  public DevDax createDevice(@Nullable Integer regionId, DaxRequest request) {
    DaxRegion region = pickRegion(regionId);
    return binding.introduce(() -> place(region, request), region::remove);
  }

  private DevDax place(DaxRegion region, DaxRequest request) {
    long align = request.alignBytes() == 0 ? region.alignBytes() : request.alignBytes();
    DevDax device = new DevDax(region, region.nextId(), align, null, services);
    long bytes = request.asksForSize() ? request.bytes() : region.availableBytes();
    if (bytes == 0) {
      throw noSpace(region);
    }
    region.resize(device, bytes, align);
    region.add(device);
    return device;
  }

  private DaxRegion pickRegion(@Nullable Integer regionId) {
    List<DaxRegion> dynamic = regions().stream().filter(region -> !region.isStatic()).toList();
    if (dynamic.isEmpty()) {
      throw new MmException(
          Errno.ENXIO,
          "create-device",
          "no dynamic dax region",
          "a machine with memory reserved for dax",
          "static devices come from ndctl create-namespace");
    }
    if (regionId == null) {
      return dynamic.stream()
          .filter(region -> region.availableBytes() > 0)
          .findFirst()
          .orElse(dynamic.getFirst());
    }
    return dynamic.stream()
        .filter(region -> region.id() == regionId)
        .findFirst()
        .orElseThrow(() ->
            new MmException(
                Errno.ENXIO,
                "dax region " + regionId,
                "not a dynamic region",
                "one of " + dynamic,
                "see daxctl list -R"));
  }

  private static MmException noSpace(DaxRegion region) {
    return new MmException(
        Errno.ENOSPC,
        region.toString(),
        "no space: %d bytes available".formatted(region.availableBytes()),
        "some",
        "shrink or destroy a device: daxctl disable-device, daxctl destroy-device");
  }

  /**
   * {@code daxctl destroy-device}: device 0 of a region stays, without memory.
   *
   * @param force also if a driver is bound
   * @throws MmException ENXIO; EINVAL for a static device; EBUSY if a driver is bound
   */
  public void destroyDevice(String name, boolean force) {
    DevDax device = device(name);
    checkDynamic(device, Errno.EINVAL);
    if (force) {
      disable(name);
    }
    binding.locked(() -> {
      binding.checkDisabled(device);
      device.setMemory(List.of(), device.alignBytes());
      if (device.id() != 0) {
        device.enter(State.GONE, null);
        device.region().remove(device);
      }
      return device;
    });
  }

  /**
   * {@code daxctl reconfigure-device}: another size or alignment; the device is unbound meanwhile
   * and bound afterwards.
   *
   * @throws MmException EINVAL, ENOSPC, ENXIO, EBUSY; EPERM for a static device, whose size and
   *     alignment cannot be written; the device is as before then
   */
  public void reconfigure(String name, DaxRequest request) {
    DevDax device = device(name);
    boolean changes = request.asksForSize() || request.alignBytes() != 0;
    if (changes) {
      checkDynamic(device, Errno.EPERM);
    }
    binding.reconfigure(device, () -> resize(device, request));
  }

  private static void resize(DevDax device, DaxRequest request) {
    long bytes = request.asksForSize() ? request.bytes() : device.bytes();
    long align = request.alignBytes() == 0 ? device.alignBytes() : request.alignBytes();
    if (bytes != device.bytes() || align != device.alignBytes()) {
      device.region().resize(device, bytes, align);
    }
  }

  private static void checkDynamic(DevDax device, Errno errno) {
    if (device.region().isStatic()) {
      throw new MmException(
          errno,
          device.name(),
          "a device of a namespace, whose size and align are read-only",
          "a device of a dynamic region",
          "use ndctl create-namespace -f -e, or ndctl destroy-namespace");
    }
  }

  /**
   * {@code daxctl disable-device}; blocks while the memory goes offline.
   *
   * @return false if no driver was bound
   * @throws MmException ENXIO, EBUSY
   */
  public boolean disable(String name) {
    return binding.unbind(device(name));
  }

  /**
   * {@code daxctl enable-device}.
   *
   * @return false if a driver was bound already
   * @throws MmException ENXIO, EBUSY, ENODEV without a driver, and what its probe fails with
   */
  public boolean enable(String name) {
    return binding.bind(device(name));
  }

  /**
   * Binds a device to a driver that is named: a write to its file {@code bind}.
   *
   * @return false if a driver was bound already
   * @throws MmException ENXIO, EBUSY, ENODEV if there is no such driver, and what its probe fails
   *     with
   */
  public boolean enable(String name, String driver) {
    return binding.bind(device(name), driver);
  }
}
