package dev.pgmap.core.dax;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.dax.DevDax.State;

/**
 * Writes to the sysfs files of dax regions and devices: {@code create} and {@code delete} of a
 * region, {@code size}, {@code align} and {@code mapping} of a device.
 *
 * <p>Unlike {@link DaxBus}, which does what {@code daxctl} does, these never bind or unbind a
 * driver. Thread-safe: each is one change under the lock of the bus.
 */
public final class DaxAttributes {
  private final DaxBus bus;
  private final DaxBinding binding;
  private final DaxServices services;

  DaxAttributes(DaxBus bus, DaxBinding binding, DaxServices services) {
    this.bus = bus;
    this.binding = binding;
    this.services = services;
  }

  /**
   * {@code create_store}: makes a device without memory, the seed.
   *
   * @param region a dynamic region
   * @throws MmException EINVAL for a static region, ENOSPC if no byte is available
   */
  public DevDax create(DaxRegion region) {
    checkDynamic(region);
    return binding.locked(() -> {
      if (region.availableBytes() == 0) {
        throw new MmException(
            Errno.ENOSPC, region.toString(), "no byte is available", "some", "shrink a device");
      }
      DevDax seed = new DevDax(region, region.nextId(), region.alignBytes(), null, services);
      region.add(seed);
      return seed;
    });
  }

  /**
   * {@code delete_store}: takes a device without memory away; device 0 stays for good.
   *
   * @throws MmException EINVAL for a static region; ENXIO if the region has no such device; EBUSY
   *     if it is bound, has memory or is device 0
   */
  public void delete(DaxRegion region, String name) {
    checkDynamic(region);
    binding.locked(() -> {
      DevDax device = find(region, name);
      if (device.state() != State.DISABLED || device.bytes() > 0 || device.id() == 0) {
        throw new MmException(
            Errno.EBUSY,
            name,
            "state %s, %d bytes".formatted(device.state().text(), device.bytes()),
            "a disabled device of size 0, other than device 0",
            "daxctl destroy-device");
      }
      device.enter(State.GONE, null);
      region.remove(device);
      return device;
    });
  }

  private static DevDax find(DaxRegion region, String name) {
    return region.devices().stream()
        .filter(device -> device.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new MmException(
                Errno.ENXIO, name, "no device of " + region, "one of " + region.devices(), ""));
  }

  private static void checkDynamic(DaxRegion region) {
    if (region.isStatic()) {
      throw new MmException(
          Errno.EINVAL, region.toString(), "a static region", "a dynamic region", "");
    }
  }

  /**
   * {@code size_store}.
   *
   * @throws MmException EINVAL for a size that is no multiple of the align; EBUSY if a driver is
   *     bound; ENOSPC; ENXIO for growth by a misaligned amount; the device is as before then
   */
  public void setSize(String name, long bytes) {
    DevDax device = bus.device(name);
    device.region().checkSize(device, bytes);
    change(device, () -> device.region().resize(device, bytes, device.alignBytes()));
  }

  /**
   * {@code align_store}.
   *
   * @throws MmException EINVAL for an align that the page tables have no entry for, or that a range
   *     of the device does not fit; EBUSY if a driver is bound
   */
  public void setAlign(String name, long bytes) {
    DevDax device = bus.device(name);
    change(device, () -> device.region().resize(device, device.bytes(), bytes));
  }

  /**
   * {@code mapping_store}: adds a range at the end of the device's file.
   *
   * @throws MmException EBUSY if a driver is bound; ENXIO for a misaligned length; ENOMEM if the
   *     range is not free memory of the region, or misaligned there
   */
  public void addMapping(String name, PhysRange range) {
    DevDax device = bus.device(name);
    change(device, () -> device.region().addRange(device, range));
  }

  private void change(DevDax device, Runnable change) {
    if (device.region().isStatic()) {
      throw new MmException(
          Errno.EACCES, device.name(), "a device of a namespace", "one of a dynamic region", "");
    }
    binding.locked(() -> {
      binding.checkDisabled(device);
      change.run();
      return device;
    });
  }
}
