package dev.pgmap.core.mm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.pgtable.Geometry;
import java.util.ArrayList;
import java.util.List;

/** The hugetlb pools of a machine, one for each size that one entry can map. Thread-safe. */
public final class HugetlbPools {
  private final List<HugetlbPool> pools = new ArrayList<>();

  HugetlbPools(Geometry geometry) {
    for (int level = Geometry.PMD; level <= Geometry.PUD; level++) {
      boolean possible = !geometry.isFolded(level) && geometry.leafAllowed(level);
      if (possible && geometry.hugetlbBytes().contains(geometry.bytes(level))) {
        pools.add(new HugetlbPool(level, geometry.order(level)));
      }
    }
  }

  /** All of them, smallest pages first. */
  public List<HugetlbPool> all() {
    return List.copyOf(pools);
  }

  /**
   * The pool of the default size, the smallest.
   *
   * @throws MmException EINVAL where the page tables have no huge entries
   */
  public HugetlbPool byDefault() {
    return pools.stream().findFirst().orElseThrow(() -> unknown("any size"));
  }

  /**
   * The pool of a size.
   *
   * @throws MmException EINVAL that lists the sizes
   */
  public HugetlbPool ofBytes(long bytes) {
    return pools.stream()
        .filter(pool -> pool.pageBytes() == bytes)
        .findFirst()
        .orElseThrow(() -> unknown(bytes + " bytes"));
  }

  private MmException unknown(String found) {
    List<Long> sizes = pools.stream().map(HugetlbPool::pageBytes).toList();
    return new MmException(Errno.EINVAL, "hugetlb pages", found, "one of " + sizes, "");
  }
}
