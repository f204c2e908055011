package dev.pgmap.plugins.fsdax.volume;

import dev.pgmap.plugins.fsdax.format.Extent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the pages of a file lie: extents in order, disjoint, merged where they meet. Immutable. */
public final class ExtentMap {
  /** A file without blocks. */
  public static final ExtentMap EMPTY = new ExtentMap(List.of());

  private final List<Extent> extents;

  private ExtentMap(List<Extent> extents) {
    this.extents = extents;
  }

  /** The map of extents that are in order and disjoint. */
  public static ExtentMap of(List<Extent> inOrder) {
    return new ExtentMap(List.copyOf(inOrder));
  }

  /** All extents, in order. */
  public List<Extent> extents() {
    return extents;
  }

  /** Blocks that the file has. */
  public long nrBlocks() {
    return extents.stream().mapToLong(Extent::nrBlocks).sum();
  }

  /** The extent that holds a page, or null for a hole. */
  public @Nullable Extent at(long page) {
    int i = firstEndingAfter(page);
    return i < extents.size() && extents.get(i).page() <= page ? extents.get(i) : null;
  }

  /** The first page at or after one that has a block; {@link Long#MAX_VALUE} if none has. */
  public long nextMapped(long page) {
    int i = firstEndingAfter(page);
    return i < extents.size() ? Math.max(page, extents.get(i).page()) : Long.MAX_VALUE;
  }

  /** The block after the one that the page before has, or -1: where the file might go on. */
  public long goalFor(long page) {
    Extent before = page == 0 ? null : at(page - 1);
    return before == null ? -1 : before.blockOf(page - 1) + 1;
  }

  /** The extents that meet pages {@code from} to {@code to}, cut to these. */
  public List<Extent> within(long from, long to) {
    List<Extent> found = new ArrayList<>();
    for (int i = firstEndingAfter(from); i < extents.size(); i++) {
      if (extents.get(i).page() >= to) {
        break;
      }
      found.add(extents.get(i).clip(from, to));
    }
    return found;
  }

  /** The map with pages {@code from} to {@code to} a hole. */
  public ExtentMap without(long from, long to) {
    List<Extent> left = new ArrayList<>();
    for (Extent extent : extents) {
      if (extent.endPage() <= from || extent.page() >= to) {
        left.add(extent);
        continue;
      }
      if (extent.page() < from) {
        left.add(extent.clip(extent.page(), from));
      }
      if (extent.endPage() > to) {
        left.add(extent.clip(to, extent.endPage()));
      }
    }
    return new ExtentMap(List.copyOf(left));
  }

  /** The map with an extent put where a hole is. */
  public ExtentMap with(Extent added) {
    List<Extent> all = new ArrayList<>(extents.size() + 1);
    boolean placed = false;
    for (Extent extent : extents) {
      if (!placed && extent.page() >= added.endPage()) {
        append(all, added);
        placed = true;
      }
      append(all, extent);
    }
    if (!placed) {
      append(all, added);
    }
    return new ExtentMap(List.copyOf(all));
  }

  private static void append(List<Extent> all, Extent next) {
    if (!all.isEmpty() && all.getLast().endPage() > next.page()) {
      throw new IllegalStateException("overlap: " + all.getLast() + " and " + next);
    }
    if (!all.isEmpty() && all.getLast().meets(next)) {
      Extent last = all.removeLast();
      long nrBlocks = last.nrBlocks() + next.nrBlocks();
      all.add(new Extent(last.page(), last.block(), nrBlocks, last.unwritten()));
    } else {
      all.add(next);
    }
  }

  /** The map with what is unwritten in pages {@code from} to {@code to} written. */
  public ExtentMap written(long from, long to) {
    ExtentMap map = this;
    for (Extent extent : within(from, to)) {
      if (extent.unwritten()) {
        map =
            map.without(extent.page(), extent.endPage())
                .with(new Extent(extent.page(), extent.block(), extent.nrBlocks(), false));
      }
    }
    return map;
  }

  private int firstEndingAfter(long page) {
    int low = 0;
    int high = extents.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (extents.get(middle).endPage() > page) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
