package dev.pgmap.shell.files;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.dax.DaxBus;
import dev.pgmap.core.dax.SysfsView;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** {@code /sys/bus/dax}: what the bus shows, and the files that bind and unbind drivers. */
final class DaxBusFiles implements VirtualTree {
  static final String ROOT = SysfsView.ROOT;
  private static final Pattern DRIVER = Pattern.compile("drivers/[^/]+");
  private static final Pattern CONTROL = Pattern.compile("drivers/[^/]+/(un)?bind");

  private final DaxBus bus;
  private final SysfsView sysfs;
  private final DaxControls controls;

  DaxBusFiles(DaxBus bus, SysfsView sysfs) {
    this.bus = bus;
    this.sysfs = sysfs;
    this.controls = new DaxControls(bus);
  }

  @Override
  public boolean isDirectory(String path) {
    return sysfs.isDirectory(absolute(path));
  }

  @Override
  public List<String> list(String path) {
    TreeSet<String> names = new TreeSet<>(sysfs.list(absolute(path)));
    if (DRIVER.matcher(path).matches()) {
      names.addAll(List.of("bind", "unbind"));
    }
    names.addAll(controls.names(path));
    return List.copyOf(names);
  }

  @Override
  public boolean isWritable(String path) {
    return CONTROL.matcher(path).matches() || controls.isWritable(path);
  }

  @Override
  public String read(String path) {
    if (isWritable(path) && !DaxControls.isReadable(path)) {
      throw new MmException(
          Errno.EINVAL,
          absolute(path),
          "a file that can only be written",
          "one that can be read",
          "");
    }
    return sysfs.read(absolute(path)) + "\n";
  }

  @Override
  public void write(String path, String text, boolean append) {
    String device = text.strip();
    if (controls.isWritable(path)) {
      controls.write(path, device);
    } else if (path.endsWith("/unbind")) {
      bus.disable(device);
    } else {
      bus.enable(device, path.split("/")[1]);
    }
  }

  private static String absolute(String path) {
    return path.isEmpty() ? ROOT : ROOT + "/" + path;
  }
}
