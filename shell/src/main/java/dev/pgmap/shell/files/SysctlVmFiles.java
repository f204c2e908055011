package dev.pgmap.shell.files;

import dev.pgmap.core.mm.MmContext;
import java.util.List;

/** {@code /proc/sys/vm}: the pool of hugetlb pages of the default size. */
final class SysctlVmFiles implements VirtualTree {
  static final String ROOT = "/proc/sys/vm";

  private static final String NR = "nr_hugepages";

  private final MmContext context;

  SysctlVmFiles(MmContext context) {
    this.context = context;
  }

  @Override
  public boolean isDirectory(String path) {
    return path.isEmpty();
  }

  @Override
  public List<String> list(String path) {
    return List.of(NR);
  }

  @Override
  public boolean isWritable(String path) {
    return true;
  }

  @Override
  public String read(String path) {
    return context.ordinary().hugetlb().byDefault().nrPages() + "\n";
  }

  @Override
  public void write(String path, String text, boolean append) {
    long nr = HugePageFiles.number(ROOT + "/" + path, text.strip());
    context.ordinary().hugetlb().byDefault().setNrPages(context, nr);
  }
}
