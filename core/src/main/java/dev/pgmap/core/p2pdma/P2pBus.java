package dev.pgmap.core.p2pdma;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.phys.Resource;
import dev.pgmap.core.phys.ResourceKind;
import dev.pgmap.core.sync.Mutex;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The PCI devices of a machine that can offer peer-to-peer memory. Thread-safe. */
public final class P2pBus {
  private final P2pEngine engine;
  private final Mutex lock = new Mutex();
  private final TreeMap<String, P2pDevice> devices = new TreeMap<>();

  /** No device yet. */
  public P2pBus(P2pEngine engine) {
    this.engine = engine;
  }

  /**
   * Plugs a device in; its BARs appear in {@code /proc/iomem}.
   *
   * @param name its address on the bus
   * @throws MmException EEXIST for an address that is taken, EBUSY for a BAR whose addresses are
   *     somebody else's; nothing changed
   */
  public P2pDevice plug(String name, List<PciBar> bars) {
    lock.lock();
    try {
      if (devices.containsKey(name)) {
        throw new MmException(Errno.EEXIST, name, "there already", "an address of its own", "");
      }
      P2pDevice device = new P2pDevice(engine, name, bars, claim(name, bars));
      devices.put(name, device);
      return device;
    } finally {
      lock.unlock();
    }
  }

  private List<Resource> claim(String name, List<PciBar> bars) {
    List<Resource> claims = new ArrayList<>();
    try {
      for (PciBar bar : bars) {
        if (bar.isMemory()) {
          claims.add(engine.resources().request(bar.range(), name, ResourceKind.DEVICE));
        }
      }
      return claims;
    } catch (MmException e) {
      claims.forEach(engine.resources()::release);
      throw e;
    }
  }

  /**
   * Takes a device away; blocks until nobody has a page of it.
   *
   * @throws MmException ENODEV if it is not there
   */
  public void unplug(String name) {
    lock.lock();
    P2pDevice device = devices.remove(name);
    lock.unlock();
    if (device == null) {
      throw unknown(name);
    }
    device.unbind();
  }

  /**
   * The device of that address.
   *
   * @throws MmException ENODEV if it is not there
   */
  public P2pDevice device(String name) {
    P2pDevice device = find(name);
    if (device == null) {
      throw unknown(name);
    }
    return device;
  }

  private MmException unknown(String name) {
    return new MmException(Errno.ENODEV, name, "no such device", "one of " + all(), "");
  }

  private @Nullable P2pDevice find(String name) {
    lock.lock();
    try {
      return devices.get(name);
    } finally {
      lock.unlock();
    }
  }

  /** All devices, by address. */
  public List<P2pDevice> all() {
    lock.lock();
    try {
      return List.copyOf(devices.values());
    } finally {
      lock.unlock();
    }
  }
}
