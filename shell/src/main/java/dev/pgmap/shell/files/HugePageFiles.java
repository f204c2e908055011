package dev.pgmap.shell.files;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.mm.HugePages;
import dev.pgmap.core.mm.HugetlbPool;
import dev.pgmap.core.mm.MmContext;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code /sys/kernel/mm}: who may have transparent huge pages, and the pools of hugetlb pages. */
final class HugePageFiles implements VirtualTree {
  static final String ROOT = "/sys/kernel/mm";

  private static final String THP = "transparent_hugepage";
  private static final String ENABLED = THP + "/enabled";
  private static final String POOLS = "hugepages";
  private static final String NR = "nr_hugepages";
  private static final String FREE = "free_hugepages";
  private static final String RESERVED = "resv_hugepages";

  private final MmContext context;

  HugePageFiles(MmContext context) {
    this.context = context;
  }

  @Override
  public boolean isDirectory(String path) {
    return path.isEmpty() || path.equals(THP) || path.equals(POOLS) || poolOrNull(path) != null;
  }

  @Override
  public List<String> list(String path) {
    return switch (path) {
      case "" -> List.of(POOLS, THP);
      case THP -> List.of("enabled");
      case POOLS -> pools().stream().map(HugePageFiles::name).sorted().toList();
      default -> List.of(FREE, NR, RESERVED);
    };
  }

  private List<HugetlbPool> pools() {
    return context.ordinary().hugetlb().all();
  }

  private static String name(HugetlbPool pool) {
    return "hugepages-%dkB".formatted(pool.pageBytes() >> 10);
  }

  /** The pool that a directory is of. */
  private @Nullable HugetlbPool poolOrNull(String path) {
    return pools().stream()
        .filter(pool -> path.equals(POOLS + "/" + name(pool)))
        .findFirst()
        .orElse(null);
  }

  /** The pool that a file is of, which is known to be there. */
  private HugetlbPool poolOf(String path) {
    return Objects.requireNonNull(poolOrNull(path.substring(0, path.lastIndexOf('/'))), path);
  }

  @Override
  public boolean isWritable(String path) {
    return path.equals(ENABLED) || path.endsWith("/" + NR);
  }

  @Override
  public String read(String path) {
    if (path.equals(ENABLED)) {
      return modes() + "\n";
    }
    HugetlbPool pool = poolOf(path);
    long value =
        switch (path.substring(path.lastIndexOf('/') + 1)) {
          case NR -> pool.nrPages();
          case FREE -> pool.nrFree(context);
          default -> pool.nrReserved();
        };
    return value + "\n";
  }

  /** The words, that in force in brackets. */
  private String modes() {
    HugePages.Mode now = context.ordinary().hugePages().mode();
    return Arrays.stream(HugePages.Mode.values())
        .map(mode -> mode == now ? "[" + mode.label() + "]" : mode.label())
        .collect(Collectors.joining(" "));
  }

  @Override
  public void write(String path, String text, boolean append) {
    if (path.equals(ENABLED)) {
      context.ordinary().hugePages().setMode(HugePages.Mode.named(text.strip()));
    } else {
      HugetlbPool pool = poolOf(path);
      pool.setNrPages(context, number(ROOT + "/" + path, text.strip()));
    }
  }

  static long number(String path, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new MmException(Errno.EINVAL, path, "'" + text + "'", "a number of pages", "");
    }
  }
}
