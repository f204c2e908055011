package dev.pgmap.core.dax;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.dax.DaxDriver;
import dev.pgmap.core.dax.DevDax.State;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.sync.Mutex;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which driver has which device.
 *
 * <p>A device is claimed under the lock by the states BINDING and UNBINDING; then the driver runs
 * without the lock, for as long as it takes; then the claim ends. Whoever else wants to change that
 * device meanwhile is refused with EBUSY. A driver cannot be taken away while a device is bound to
 * it or claimed for it.
 */
final class DaxBinding {
  private final KernelLog log;
  private final Mutex lock = new Mutex();
  private final Map<String, DaxDriver> drivers = new LinkedHashMap<>();

  DaxBinding(KernelLog log) {
    this.log = log;
  }

  /** Runs a short change of the tables under the lock. */
  <T> T locked(Supplier<T> change) {
    lock.lock();
    try {
      return change.get();
    } finally {
      lock.unlock();
    }
  }

  List<String> driverNames() {
    return locked(() -> List.copyOf(drivers.keySet()));
  }

  void register(DaxDriver driver) {
    String name = driver.name();
    if (locked(() -> drivers.putIfAbsent(name, driver)) != null) {
      throw new MmException(
          Errno.EEXIST, "dax driver " + name, "registered already", "a name of its own", "");
    }
  }

  void unregister(String name, Supplier<List<String>> users) {
    locked(() -> {
      if (!drivers.containsKey(name)) {
        throw new MmException(
            Errno.ENOENT, "dax driver " + name, "not registered", "a registered driver", "");
      }
      List<String> bound = users.get();
      if (!bound.isEmpty()) {
        throw new MmException(
            Errno.EBUSY,
            "dax driver " + name,
            "in use by " + String.join(", ", bound),
            "no bound device",
            "ndctl disable-namespace or daxctl disable-device first");
      }
      return drivers.remove(name);
    });
  }

  /**
   * Adds a new device, and binds it if a driver is there. Nobody else can touch it before that is
   * done; if the driver refuses it, it is taken away again.
   */
  DevDax introduce(Supplier<DevDax> add, Consumer<DevDax> remove) {
    AtomicReference<@Nullable DaxDriver> driver = new AtomicReference<>();
    DevDax device =
        locked(() -> {
          DevDax added = add.get();
          DaxDriver first = defaultDriver();
          if (first != null) {
            added.enter(State.BINDING, first.name());
            driver.set(first);
          }
          return added;
        });
    DaxDriver present = driver.get();
    if (present != null) {
      probeNew(device, present, remove);
    }
    return device;
  }

  private static void probeNew(DevDax device, DaxDriver driver, Consumer<DevDax> remove) {
    try {
      device.bind(driver);
      device.enter(State.ENABLED, driver.name());
    } catch (RuntimeException e) {
      device.enter(State.GONE, null);
      remove.accept(device);
      throw e;
    }
  }

  /** Binds a device to the default driver; false if it has one. */
  boolean bind(DevDax device) {
    DaxDriver driver = locked(this::defaultDriver);
    if (driver == null) {
      throw new MmException(
          Errno.ENODEV,
          device.name(),
          "no driver is registered on the dax bus",
          "a driver such as device_dax",
          "insmod devdax");
    }
    return bindTo(device, driver);
  }

  /**
   * Binds a device to the driver of that name; false if it has one.
   *
   * @throws MmException ENODEV if there is no such driver
   */
  boolean bind(DevDax device, String driverName) {
    DaxDriver driver = locked(() -> drivers.get(driverName));
    if (driver == null) {
      throw new MmException(
          Errno.ENODEV,
          device.name(),
          "no driver " + driverName + " on the dax bus",
          "one of " + driverNames(),
          "insmod it");
    }
    return bindTo(device, driver);
  }

  /** The first driver that takes any device. */
  private @Nullable DaxDriver defaultDriver() {
    return drivers.values().stream().filter(DaxDriver::matchesAlways).findFirst().orElse(null);
  }

  /** Offers a device to the default driver, if there is one. */
  void offerToDefault(DevDax device) {
    DaxDriver driver = locked(this::defaultDriver);
    if (driver != null) {
      offerQuietly(device, driver);
    }
  }

  /** Binds a device if it is free; a failure is only reported. */
  void offerQuietly(DevDax device, DaxDriver driver) {
    if (device.state() != State.DISABLED || device.bytes() == 0) {
      return;
    }
    try {
      bindTo(device, driver);
    } catch (MmException e) {
      log.warn(
          "%s %s: probe failed with error -%d: %s",
          driver.name(), device, e.errno().number(), e.getMessage());
    }
  }

  private boolean bindTo(DevDax device, DaxDriver driver) {
    if (!claimForBinding(device, driver)) {
      return false;
    }
    probe(device, driver);
    return true;
  }

  /** Binds a device that the caller has claimed; it is disabled if that fails. */
  private static void probe(DevDax device, DaxDriver driver) {
    boolean bound = false;
    try {
      device.bind(driver);
      bound = true;
    } finally {
      device.enter(bound ? State.ENABLED : State.DISABLED, bound ? driver.name() : null);
    }
  }

  /**
   * Changes the memory of a device: unbinds it if it is bound, makes the change under the lock, and
   * binds it to the default driver. If that fails, the device is as before.
   */
  void reconfigure(DevDax device, Runnable change) {
    DaxDriver driver = claimForChange(device);
    List<DaxRange> ranges = device.ranges();
    long alignBytes = device.alignBytes();
    boolean wasBound = device.driverName() != null;
    try {
      if (wasBound) {
        device.unbind();
      }
      locked(() -> {
        device.holdBack(device.dataRanges());
        change.run();
        return device;
      });
      rebind(device, driver);
    } catch (RuntimeException e) {
      device.setMemory(ranges, alignBytes);
      device.enter(State.RECONFIGURING, null);
      rebind(device, wasBound ? driver : null);
      throw e;
    } finally {
      device.holdBack(List.of());
    }
  }

  private @Nullable DaxDriver claimForChange(DevDax device) {
    return locked(() -> {
      String bound = device.driverName();
      if (device.state() != State.ENABLED) {
        checkDisabled(device);
      }
      DaxDriver driver = bound == null ? defaultDriver() : drivers.get(bound);
      device.enter(State.RECONFIGURING, bound);
      return driver;
    });
  }

  private static void rebind(DevDax device, @Nullable DaxDriver driver) {
    if (driver == null || device.bytes() == 0) {
      device.enter(State.DISABLED, null);
    } else {
      device.enter(State.BINDING, driver.name());
      probe(device, driver);
    }
  }

  private boolean claimForBinding(DevDax device, DaxDriver driver) {
    return locked(() -> {
      if (device.state() == State.ENABLED) {
        return false;
      }
      checkDisabled(device);
      if (device.bytes() == 0) {
        throw new MmException(
            Errno.ENXIO, device.name(), "size 0", "a device with memory", "set its size first");
      }
      if (!drivers.containsValue(driver)) {
        throw new MmException(
            Errno.ENODEV, device.name(), driver.name() + " is gone", "a registered driver", "");
      }
      device.enter(State.BINDING, driver.name());
      return true;
    });
  }

  /** Unbinds a device; false if it has no driver. Blocks while its memory goes offline. */
  boolean unbind(DevDax device) {
    return unbind(device, State.DISABLED);
  }

  /** Unbinds a device, if it is bound, and makes it unusable. */
  void removeForGood(DevDax device) {
    unbind(device, State.GONE);
  }

  private boolean unbind(DevDax device, State next) {
    boolean claimed =
        locked(() -> {
          if (device.state() == State.DISABLED) {
            device.enter(next, null);
            return false;
          }
          claimForUnbinding(device);
          return true;
        });
    if (claimed) {
      device.unbind();
      device.enter(next, null);
    }
    return claimed;
  }

  private static void claimForUnbinding(DevDax device) {
    if (device.state() != State.ENABLED) {
      throw busy(device);
    }
    device.enter(State.UNBINDING, device.driverName());
  }

  /** Refuses a device that is bound or that somebody else changes. */
  void checkDisabled(DevDax device) {
    if (device.state() != State.DISABLED) {
      throw busy(device);
    }
  }

  private static MmException busy(DevDax device) {
    return new MmException(
        Errno.EBUSY,
        device.name(),
        "the device is " + device.state().text(),
        "a disabled device",
        "daxctl disable-device " + device);
  }
}
