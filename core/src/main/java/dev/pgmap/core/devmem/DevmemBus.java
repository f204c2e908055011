package dev.pgmap.core.devmem;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.devmem.DeviceFile;
import dev.pgmap.api.devmem.DeviceNode;
import dev.pgmap.api.devmem.DevmemDriver;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.sync.Mutex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The drivers of devices that own memory, their nodes, and the files that are open.
 *
 * <p>A driver stays loaded while a file of its nodes is open. Thread-safe.
 */
public final class DevmemBus {
  private record Loaded(DevmemDriver driver, DriverKernel kernel) {}

  private record Node(String driver, DeviceNode node) {}

  private final Mutex lock = new Mutex();
  private final Function<Mm, CoreUserSpace> userSpaces;
  private final DevmemEngine engine;
  private final Map<String, Loaded> drivers = new HashMap<>();
  private final Map<String, Node> nodes = new TreeMap<>();
  private final Map<String, Integer> openFiles = new HashMap<>();

  /** A bus of that machine without drivers. */
  public DevmemBus(DevmemEngine engine) {
    this.engine = engine;
    this.userSpaces = CoreUserSpace::new;
  }

  /**
   * Loads a driver.
   *
   * @param parameters of its module
   * @throws MmException EEXIST if it is loaded; or why it cannot be, with nothing left behind
   */
  public void register(DevmemDriver driver, Map<String, Long> parameters) {
    String name = driver.name();
    DriverKernel kernel = new DriverKernel(engine, this, name, parameters);
    locked(() -> {
      if (drivers.putIfAbsent(name, new Loaded(driver, kernel)) != null) {
        throw new MmException(Errno.EEXIST, name, "loaded already", "a new driver", "");
      }
      return null;
    });
    boolean loaded = false;
    try {
      driver.load(kernel);
      loaded = true;
    } finally {
      if (!loaded) {
        forget(name, driver, kernel);
      }
    }
  }

  /**
   * Unloads a driver; its memory goes offline.
   *
   * @throws MmException ENOENT if it is not loaded; EBUSY while a file of it is open
   */
  public void unregister(String name) {
    Loaded loaded = locked(() -> claim(name));
    forget(name, loaded.driver, loaded.kernel);
  }

  private Loaded claim(String name) {
    Loaded loaded = drivers.get(name);
    if (loaded == null) {
      throw new MmException(Errno.ENOENT, name, "not loaded", "a driver that is", "");
    }
    int open = openFiles.getOrDefault(name, 0);
    if (open > 0) {
      throw new MmException(
          Errno.EBUSY, name, open + " files open", "none", "close them or end their tasks");
    }
    nodes.values().removeIf(node -> node.driver.equals(name));
    return loaded;
  }

  private void forget(String name, DevmemDriver driver, DriverKernel kernel) {
    try {
      driver.unload();
    } finally {
      kernel.release();
      locked(() -> {
        nodes.values().removeIf(node -> node.driver.equals(name));
        drivers.remove(name);
        return null;
      });
    }
  }

  void addNode(String driver, String path, DeviceNode node) {
    locked(() -> {
      if (nodes.putIfAbsent(path, new Node(driver, node)) != null) {
        throw new MmException(Errno.EEXIST, path, "there already", "a new path", "");
      }
      return null;
    });
  }

  void removeNode(String path) {
    locked(() -> nodes.remove(path));
  }

  /** The paths of the nodes, in order. */
  public List<String> paths() {
    return locked(() -> new ArrayList<>(nodes.keySet()));
  }

  /** How many files of a driver are open. */
  public int openFiles(String driver) {
    return locked(() -> openFiles.getOrDefault(driver, 0));
  }

  /**
   * Opens a node as a task.
   *
   * @throws MmException ENOENT without such a node, or what the driver says
   */
  public OpenDevice open(String path, Mm opener) {
    Node node = locked(() -> take(path));
    @Nullable DeviceFile file = null;
    try {
      file = node.node.open(userSpaces.apply(opener));
      return new OpenDevice(path, file, engine.addressSpaces(), () -> closed(node.driver));
    } finally {
      if (file == null) {
        closed(node.driver);
      }
    }
  }

  private Node take(String path) {
    Node node = nodes.get(path);
    if (node == null) {
      throw new MmException(
          Errno.ENOENT, path, "no such node", "one of " + nodes.keySet(), "load its module");
    }
    openFiles.merge(node.driver, 1, Integer::sum);
    return node;
  }

  private void closed(String driver) {
    locked(() -> openFiles.merge(driver, -1, Integer::sum));
  }

  private <T extends @Nullable Object> T locked(java.util.function.Supplier<T> code) {
    lock.lock();
    try {
      return code.get();
    } finally {
      lock.unlock();
    }
  }
}
