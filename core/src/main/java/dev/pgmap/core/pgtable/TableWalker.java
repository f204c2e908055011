package dev.pgmap.core.pgtable;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import java.util.List;

/**
 * How a machine goes over page tables: a policy. Both walkers see the same tables and give the same
 * answers; what differs is the code that uses them. Stateless; the caller holds the page-table
 * lock.
 */
public sealed interface TableWalker permits PerLevelWalker, LeafWalker {
  /** {@code pgd}, {@code p4d}, {@code pud}, {@code pmd}, {@code pte}: as kernels do it. */
  TableWalker PER_LEVEL = new PerLevelWalker();

  /** Leaf by leaf, whatever their level. */
  TableWalker LEAF = new LeafWalker();

  /** The word that names it. */
  String name();

  /**
   * Shows what stands in a range in address order: leaves, contiguous groups as one, swap-like
   * entries; also what lies across its ends.
   */
  void forEachLeaf(PageTables tables, long start, long end, LeafVisitor visitor);

  /**
   * Clears the first entries of a range that are not none, of one table at most.
   *
   * @return where to go on; {@code end} or more when the range is done
   * @throws MmException EINVAL if a leaf that lies across an end of the range is met
   */
  long clearSome(PageTables tables, long start, long end, LeafVisitor cleared);

  /** Both. */
  static List<TableWalker> all() {
    return List.of(PER_LEVEL, LEAF);
  }

  /**
   * The walker of that name.
   *
   * @throws MmException EINVAL that lists the names
   */
  static TableWalker named(String name) {
    for (TableWalker walker : all()) {
      if (walker.name().equals(name)) {
        return walker;
      }
    }
    throw new MmException(
        Errno.EINVAL,
        "walker",
        "'" + name + "'",
        "one of " + String.join(", ", all().stream().map(TableWalker::name).toList()),
        "");
  }
}
