package dev.pgmap.core.dax;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * {@code /sys/bus/dax} as directories to list and files to read, in the kernel's formats.
 *
 * <p>Made afresh at every call, so it always shows what is there now. Thread-safe.
 */
public final class SysfsView {
  /** The directory that this view begins at. */
  public static final String ROOT = "/sys/bus/dax";

  private static final String DEVICES = ROOT + "/devices";

  private final DaxBus bus;

  /** A view of that bus. */
  public SysfsView(DaxBus bus) {
    this.bus = bus;
  }

  /**
   * The names in a directory, sorted.
   *
   * @throws MmException ENOENT if there is no such directory
   */
  public List<String> list(String directory) {
    String prefix = directory.endsWith("/") ? directory : directory + "/";
    TreeSet<String> names = new TreeSet<>();
    for (String path : files().keySet()) {
      if (path.startsWith(prefix)) {
        names.add(path.substring(prefix.length()).split("/", 2)[0]);
      }
    }
    if (names.isEmpty() && !isEmptyDirectory(directory)) {
      throw missing(directory, "no such directory");
    }
    return List.copyOf(names);
  }

  /** Whether the path is a directory of this view. */
  public boolean isDirectory(String path) {
    return isEmptyDirectory(path)
        || files().keySet().stream().anyMatch(file -> file.startsWith(path + "/"));
  }

  private static boolean isEmptyDirectory(String path) {
    return path.equals(DEVICES) || path.equals(ROOT) || path.equals(ROOT + "/drivers");
  }

  /**
   * The content of a file, one line without its end. Where sysfs has a link to a driver, this is
   * the driver's name.
   *
   * @throws MmException ENOENT if there is no such file
   */
  public String read(String path) {
    Supplier<String> content = files().get(path);
    if (content == null) {
      throw missing(path, "no such file");
    }
    return content.get();
  }

  private static MmException missing(String path, String found) {
    return new MmException(Errno.ENOENT, path, found, "a path below " + ROOT, "see ls " + ROOT);
  }

  private Map<String, Supplier<String>> files() {
    Map<String, Supplier<String>> files = new LinkedHashMap<>();
    for (DevDax device : bus.devices()) {
      addDevice(files, DEVICES + "/" + device.name() + "/", device);
    }
    for (String driver : bus.drivers()) {
      files.put(ROOT + "/drivers/" + driver + "/module", () -> driver);
      for (String device : bus.boundTo(driver)) {
        files.put(ROOT + "/drivers/" + driver + "/" + device, () -> device);
      }
    }
    return files;
  }

  private static void addDevice(Map<String, Supplier<String>> files, String at, DevDax device) {
    List<DaxRange> ranges = device.ranges();
    files.put(at + "align", () -> Long.toString(device.alignBytes()));
    files.put(at + "numa_node", () -> "0");
    files.put(at + "resource", () -> hex(resource(device, ranges).start()));
    files.put(at + "size", () -> Long.toString(device.bytes()));
    files.put(at + "target_node", () -> Integer.toString(device.targetNode()));
    String driver = device.driverName();
    if (driver != null) {
      files.put(at + "driver", () -> driver);
    }
    for (int i = 0; i < ranges.size(); i++) {
      DaxRange range = ranges.get(i);
      String mapping = at + "mapping" + i + "/";
      files.put(mapping + "start", () -> hex(range.range().start()));
      files.put(mapping + "end", () -> hex(range.range().end()));
      files.put(mapping + "page_offset", () -> hex(range.pgoff()));
    }
    addRegion(files, at + "dax_region/", device.region());
  }

  private static void addRegion(Map<String, Supplier<String>> files, String at, DaxRegion region) {
    files.put(at + "align", () -> Long.toString(region.alignBytes()));
    files.put(at + "id", () -> Integer.toString(region.id()));
    files.put(at + "size", () -> Long.toString(region.range().bytes()));
    if (!region.isStatic()) {
      files.put(at + "available_size", () -> Long.toString(region.availableBytes()));
      files.put(at + "seed", region::seedName);
    }
  }

  private static PhysRange resource(DevDax device, List<DaxRange> ranges) {
    return ranges.isEmpty() ? device.region().range() : ranges.getFirst().range();
  }

  /** As the kernel's {@code %#llx}: zero has no prefix. */
  private static String hex(long value) {
    return value == 0 ? "0" : "0x" + Long.toHexString(value);
  }
}
