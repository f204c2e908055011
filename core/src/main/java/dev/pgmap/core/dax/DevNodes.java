package dev.pgmap.core.dax;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.MappableFile;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.mm.AddressSpaces;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The character devices in {@code /dev} that can be mapped.
 *
 * <p>Thread-safe. A node that was opened before it was withdrawn stays usable as an object, but
 * every new mapping and fault of it is refused.
 */
public final class DevNodes {
  private final AddressSpaces spaces;
  private final ConcurrentSkipListMap<String, AddressSpace> nodes = new ConcurrentSkipListMap<>();

  /** No node yet; address spaces are numbered by {@code spaces}. */
  public DevNodes(AddressSpaces spaces) {
    this.spaces = spaces;
  }

  /**
   * Adds a node ({@code cdev_device_add}).
   *
   * @throws MmException EEXIST if the path is taken
   */
  AddressSpace publish(String path, MappableFile file) {
    AddressSpace space = spaces.create(path, file);
    if (nodes.putIfAbsent(path, space) != null) {
      spaces.remove(space);
      throw new MmException(Errno.EEXIST, path, "there already", "a path of its own", "");
    }
    return space;
  }

  /** Removes a node and lets go of the file behind it ({@code cdev_device_del}). */
  void withdraw(AddressSpace space) {
    nodes.remove(space.name(), space);
    spaces.remove(space);
  }

  /**
   * Opens a node, for {@code mmap}.
   *
   * @throws MmException ENOENT if there is none
   */
  public AddressSpace open(String path) {
    AddressSpace space = nodes.get(path);
    if (space == null) {
      throw new MmException(
          Errno.ENOENT,
          path,
          "no such device node",
          nodes.isEmpty() ? "a node, but there is none at all" : "one of " + nodes.keySet(),
          "a dax device has one only while a driver is bound: see daxctl list, lsmod");
    }
    return space;
  }

  /** The paths of devices, sorted; {@link DevMem} is none. */
  public List<String> paths() {
    return nodes.keySet().stream().filter(path -> !path.equals(DevMem.PATH)).toList();
  }
}
