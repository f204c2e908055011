package dev.pgmap.core.nvdimm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.nvdimm.Namespace.Config;
import dev.pgmap.core.nvdimm.Namespace.State;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.phys.PhysicalMemory;
import dev.pgmap.core.phys.ResourceTree;
import dev.pgmap.core.sync.Mutex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The persistent memory of one machine, and what {@code ndctl} does to it.
 *
 * <p>Order of {@link #create}: find room and reserve it, write the info block, enable. Order of
 * {@link #destroy}: detach the driver (which may wait for whoever holds a page), erase the info
 * block, give the room back. A call that fails undoes what it did; a failed reconfiguration brings
 * the old namespace back.
 *
 * <p>Thread-safe. The lock guards only the tables; a change in progress is visible as the state of
 * its namespace, and a second change of the same namespace is refused with EBUSY meanwhile.
 */
public final class NvdimmBus {
  private final KernelLog log;
  private final InfoBlocks infoBlocks;
  private final MediaErrorAdmin mediaErrors;
  private final List<Region> regions = new ArrayList<>();
  private final NamespacePlanner planner;
  private final NamespaceBinding binding;
  private final Mutex lock = new Mutex();

  /**
   * The regions of a machine, one per range, numbered from 0.
   *
   * @param geometry the sizes that page tables can map
   * @param pmem the ranges; their {@code Persistent Memory} resources are in the tree already
   */
  public NvdimmBus(
      PhysicalMemory memory,
      ResourceTree resources,
      KernelLog log,
      Geometry geometry,
      List<PhysRange> pmem) {
    this.log = log;
    this.infoBlocks = new InfoBlocks(memory, log, geometry);
    this.mediaErrors = new MediaErrorAdmin(memory.mediaErrors());
    this.planner = new NamespacePlanner(regions, geometry);
    this.binding = new NamespaceBinding(resources);
    for (PhysRange range : pmem) {
      regions.add(new Region(regions.size(), range));
    }
  }

  /**
   * Finds the namespaces that are on the medium and enables them.
   *
   * @param drivers take the namespaces of their modes from now on
   */
  public void start(Map<NamespaceMode, NamespaceDriver> drivers) {
    binding.setDrivers(drivers);
    for (Region region : regions) {
      for (InfoBlock block : infoBlocks.scan(region.range())) {
        Config config =
            new Config(
                block.mode(), block.setup().namespaceRange(), block.setup(), block.uuid(), "");
        Namespace namespace = new Namespace(region.id(), region.nextId(), config, State.DISABLED);
        region.add(namespace);
        enableAtBoot(namespace);
      }
    }
  }

  private void enableAtBoot(Namespace namespace) {
    try {
      enable(namespace.name());
    } catch (MmException e) {
      log.warn("nd_pmem %s: probe failed: %s", namespace, e.getMessage());
    }
  }

  /** The errors of its media. */
  public MediaErrorAdmin mediaErrors() {
    return mediaErrors;
  }

  /** The regions, by number. */
  public List<Region> regions() {
    return List.copyOf(regions);
  }

  /** All namespaces, by region and number. */
  public List<Namespace> namespaces() {
    return regions.stream().flatMap(region -> region.namespaces().stream()).toList();
  }

  /**
   * The namespace of that name.
   *
   * @throws MmException ENXIO if there is none
   */
  public Namespace namespace(String name) {
    Namespace found = find(name);
    if (found == null) {
      throw new MmException(
          Errno.ENXIO, name, "no such namespace", "one of " + namespaces(), "see ndctl list");
    }
    return found;
  }

  private @Nullable Namespace find(String name) {
    for (Namespace namespace : namespaces()) {
      if (namespace.name().equals(name)) {
        return namespace;
      }
    }
    return null;
  }

  /**
   * The region of that number.
   *
   * @throws MmException ENXIO if there is none
   */
  public Region region(int id) {
    return planner.region(id);
  }

  /**
   * {@code ndctl create-namespace}.
   *
   * @return the namespace, enabled
   * @throws MmException EINVAL for sizes and aligns, ENOSPC without room, and what bringing the
   *     memory online can fail with; nothing is left behind
   */
  public Namespace create(NamespaceRequest request) {
    Namespace created = reserve(request);
    try {
      infoBlocks.erase(created.range());
      infoBlocks.write(created.config());
      binding.attach(created);
    } catch (RuntimeException e) {
      withdraw(created);
      throw e;
    }
    created.enter(State.ENABLED);
    return created;
  }

  private Namespace reserve(NamespaceRequest request) {
    lock.lock();
    try {
      Region region = planner.pickRegion(request);
      Config config = planner.planNew(region, request);
      Namespace namespace = new Namespace(region.id(), region.nextId(), config, State.CREATING);
      region.add(namespace);
      return namespace;
    } finally {
      lock.unlock();
    }
  }

  private void withdraw(Namespace namespace) {
    infoBlocks.erase(namespace.range());
    lock.lock();
    regions.get(namespace.regionId()).remove(namespace);
    lock.unlock();
  }

  /**
   * {@code ndctl destroy-namespace}; blocks while its device goes away.
   *
   * @param force also if it is enabled
   * @throws MmException ENXIO, EBUSY
   */
  public void destroy(String name, boolean force) {
    Namespace namespace = namespace(name);
    if (claim(namespace, State.DESTROYING, force)) {
      detach(namespace);
    }
    withdraw(namespace);
  }

  /**
   * {@code ndctl create-namespace -e}: makes an existing namespace anew, by default with its size,
   * mode, map and align. The name of the next namespace of an empty region may be given too.
   *
   * @param force also if it is enabled
   * @throws MmException as create and destroy; the old namespace is back then
   */
  public Namespace reconfigure(String name, NamespaceRequest request, boolean force) {
    Namespace namespace = find(name);
    if (namespace == null) {
      return createSeed(name, request);
    }
    Config before = namespace.config();
    boolean wasEnabled = claim(namespace, State.RECONFIGURING, force);
    Config next;
    try {
      next = plan(namespace, request);
    } catch (RuntimeException e) {
      namespace.enter(wasEnabled ? State.ENABLED : State.DISABLED);
      throw e;
    }
    try {
      if (wasEnabled) {
        detach(namespace);
      }
    } catch (RuntimeException e) {
      namespace.setPendingRange(null);
      throw e;
    }
    try {
      replace(namespace, next);
    } catch (RuntimeException e) {
      restore(namespace, before, wasEnabled);
      throw e;
    } finally {
      namespace.setPendingRange(null);
    }
    return namespace;
  }

  private Namespace createSeed(String name, NamespaceRequest request) {
    for (Region region : regions) {
      if (region.namespaces().isEmpty() && region.seedName().equals(name)) {
        return create(request.withRegion(region.id()));
      }
    }
    return namespace(name);
  }

  private Config plan(Namespace namespace, NamespaceRequest request) {
    lock.lock();
    try {
      Config next = planner.planAgain(regions.get(namespace.regionId()), namespace, request);
      namespace.setPendingRange(next.range());
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void replace(Namespace namespace, Config next) {
    infoBlocks.erase(namespace.range());
    infoBlocks.erase(next.range());
    infoBlocks.write(next);
    namespace.setConfig(next);
    binding.attach(namespace);
    namespace.enter(State.ENABLED);
  }

  private void restore(Namespace namespace, Config before, boolean enable) {
    infoBlocks.erase(namespace.range());
    namespace.setConfig(before);
    infoBlocks.write(before);
    namespace.enter(State.DISABLED);
    if (enable) {
      enableAtBoot(namespace);
    }
  }

  /**
   * {@code ndctl enable-namespace}.
   *
   * @return false if it was enabled already
   * @throws MmException ENXIO, EBUSY, and what its driver fails with; it stays disabled then
   */
  public boolean enable(String name) {
    Namespace namespace = namespace(name);
    if (!claimFrom(namespace, State.DISABLED, State.ENABLED, State.ENABLING)) {
      return false;
    }
    try {
      mediaErrors.prepare(namespace.config());
      binding.attach(namespace);
    } catch (RuntimeException e) {
      namespace.enter(State.DISABLED);
      throw e;
    }
    namespace.enter(State.ENABLED);
    return true;
  }

  /**
   * {@code ndctl disable-namespace}; blocks while its device goes away.
   *
   * @return false if it was disabled already
   * @throws MmException ENXIO; EBUSY also while a file system on it is mounted
   */
  public boolean disable(String name) {
    Namespace namespace = namespace(name);
    if (!claimFrom(namespace, State.ENABLED, State.DISABLED, State.DISABLING)) {
      return false;
    }
    detach(namespace);
    namespace.enter(State.DISABLED);
    return true;
  }

  /**
   * Takes the driver off as a write to its {@code unbind} file does: asks nobody, so that a mounted
   * file system loses its device ({@code MF_MEM_PRE_REMOVE}).
   *
   * @throws MmException ENXIO, EBUSY while somebody else changes it, ENODEV if it is disabled
   */
  public void unbind(String name) {
    Namespace namespace = namespace(name);
    if (!claimFrom(namespace, State.ENABLED, State.DISABLED, State.DISABLING)) {
      throw new MmException(Errno.ENODEV, name, "no driver is bound", "an enabled namespace", "");
    }
    takeOff(namespace);
    namespace.enter(State.DISABLED);
  }

  /** Detaches the driver; if that is refused, the namespace is enabled as before. */
  private void detach(Namespace namespace) {
    try {
      binding.checkUnused(namespace);
    } catch (RuntimeException e) {
      namespace.enter(State.ENABLED);
      throw e;
    }
    takeOff(namespace);
  }

  private void takeOff(Namespace namespace) {
    try {
      binding.detach(namespace);
    } catch (RuntimeException e) {
      namespace.enter(State.ENABLED);
      throw e;
    }
  }

  /** Claims a namespace for good; tells whether it was enabled. */
  private boolean claim(Namespace namespace, State next, boolean force) {
    lock.lock();
    try {
      State state = namespace.state();
      if (state == State.ENABLED && !force) {
        throw new MmException(
            Errno.EBUSY, namespace + " is active, specify --force for re-configuration");
      }
      if (state != State.ENABLED && state != State.DISABLED) {
        throw inTransit(namespace);
      }
      namespace.enter(next);
      return state == State.ENABLED;
    } finally {
      lock.unlock();
    }
  }

  /** Claims a namespace that is in one state; false if it is in the other one already. */
  private boolean claimFrom(Namespace namespace, State from, State already, State next) {
    lock.lock();
    try {
      if (namespace.state() == already) {
        return false;
      }
      if (namespace.state() != from) {
        throw inTransit(namespace);
      }
      namespace.enter(next);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private static MmException inTransit(Namespace namespace) {
    return new MmException(
        Errno.EBUSY,
        namespace.name(),
        namespace.state().text(),
        "a namespace that nobody else changes",
        "try again when that is done");
  }
}
