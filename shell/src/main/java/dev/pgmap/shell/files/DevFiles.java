package dev.pgmap.shell.files;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.dax.DevNodes;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.pmem.PmemBus;
import java.util.List;
import java.util.TreeSet;

/** The names in {@code /dev}: devices that are mapped, block devices, and {@code null}. */
final class DevFiles implements VirtualTree {
  private static final String ROOT = "/dev/";
  private static final String NULL = "null";

  private final DevNodes nodes;
  private final PmemBus pmemBus;

  DevFiles(Machine machine) {
    this.nodes = machine.daxBus().nodes();
    this.pmemBus = machine.pmemBus();
  }

  @Override
  public boolean isDirectory(String path) {
    return path.isEmpty();
  }

  @Override
  public List<String> list(String path) {
    TreeSet<String> names = new TreeSet<>(List.of(NULL, "zero"));
    nodes.paths().forEach(node -> names.add(node.substring(ROOT.length())));
    pmemBus.disks().forEach(disk -> names.add(disk.name()));
    return List.copyOf(names);
  }

  @Override
  public boolean isWritable(String path) {
    return path.equals(NULL);
  }

  @Override
  public String read(String path) {
    if (path.equals(NULL)) {
      return "";
    }
    throw new MmException(
        Errno.EINVAL,
        ROOT + path,
        "a device",
        "a file of /proc or /sys: devices are mapped, see gup_test",
        "");
  }

  /** What goes to {@code /dev/null} is gone. */
  @Override
  public void write(String path, String text, boolean append) {}
}
