package dev.pgmap.shell.files;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.nvdimm.Namespace;
import dev.pgmap.core.nvdimm.NamespaceMode;
import dev.pgmap.core.nvdimm.NvdimmBus;
import java.util.List;
import java.util.TreeSet;

/**
 * {@code /sys/bus/nd/drivers/nd_pmem}: the namespaces of the driver, and the files that bind and
 * unbind them. Unlike ndctl, {@code unbind} does not ask whether a file system is mounted.
 */
final class NdBusFiles implements VirtualTree {
  static final String ROOT = "/sys/bus/nd/drivers/nd_pmem";

  private static final List<String> CONTROLS = List.of("bind", "unbind");

  private final NvdimmBus bus;

  NdBusFiles(NvdimmBus bus) {
    this.bus = bus;
  }

  @Override
  public boolean isDirectory(String path) {
    return path.isEmpty();
  }

  @Override
  public List<String> list(String path) {
    TreeSet<String> names = new TreeSet<>(CONTROLS);
    bus.namespaces().stream()
        .filter(namespace -> namespace.mode() == NamespaceMode.FSDAX && namespace.isEnabled())
        .map(Namespace::name)
        .forEach(names::add);
    return List.copyOf(names);
  }

  @Override
  public boolean isWritable(String path) {
    return CONTROLS.contains(path);
  }

  @Override
  public String read(String path) {
    throw new MmException(
        Errno.EINVAL, ROOT + "/" + path, "cannot be read", "a file that can be", "");
  }

  @Override
  public void write(String path, String text, boolean append) {
    String name = text.strip();
    if (path.equals("unbind")) {
      bus.unbind(name);
    } else {
      bus.enable(name);
    }
  }
}
