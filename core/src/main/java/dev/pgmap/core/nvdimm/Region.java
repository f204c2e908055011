package dev.pgmap.core.nvdimm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.phys.PageMath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A range of persistent memory that namespaces are cut from, {@code struct nd_region}.
 *
 * <p>A namespace is one extent, aligned to 16 MiB in start and size; extents do not overlap. Read
 * by anyone; changed under the bus lock.
 */
public final class Region {
  /** What starts and sizes of namespaces are multiples of, unless the region is told otherwise. */
  public static final long ALIGN_BYTES = 16L << 20;

  private final int id;
  private final PhysRange range;
  private final List<Namespace> namespaces = new CopyOnWriteArrayList<>();
  private volatile long alignBytes = ALIGN_BYTES;

  Region(int id, PhysRange range) {
    this.id = id;
    this.range = range;
  }

  /** Its number. */
  public int id() {
    return id;
  }

  /** Its name, {@code regionN}. */
  public String name() {
    return "region" + id;
  }

  /** Its addresses. */
  public PhysRange range() {
    return range;
  }

  /** The alignment of namespaces in bytes. */
  public long alignBytes() {
    return alignBytes;
  }

  /**
   * Sets the alignment of namespaces to come ({@code align_store} of a region). Namespaces at other
   * than the usual 16 MiB are not found again when a device file is used by the next machine.
   *
   * @throws MmException EINVAL unless it is a power of two from a page to the size of the region
   */
  public void setAlignBytes(long bytes) {
    if (Long.bitCount(bytes) != 1 || bytes < PageMath.PAGE_BYTES || bytes > range.bytes()) {
      throw new MmException(
          Errno.EINVAL,
          name() + " align",
          bytes + " bytes",
          "a power of two from 4096 to " + range.bytes(),
          "");
    }
    alignBytes = bytes;
  }

  /** Its namespaces, by number. */
  public List<Namespace> namespaces() {
    return namespaces.stream().sorted(Comparator.comparingInt(Namespace::id)).toList();
  }

  /** Bytes that no namespace has, in whole units of the alignment. */
  public long availableBytes() {
    return freeExtents(null).stream().mapToLong(PhysRange::bytes).sum();
  }

  /** The largest namespace that could be made. */
  public long maxAvailableExtentBytes() {
    return freeExtents(null).stream().mapToLong(PhysRange::bytes).max().orElse(0);
  }

  /** The name that the next namespace will have. */
  public String seedName() {
    return "namespace" + id + "." + nextId();
  }

  int nextId() {
    int next = 0;
    for (Namespace namespace : namespaces()) {
      if (namespace.id() == next) {
        next++;
      }
    }
    return next;
  }

  void add(Namespace namespace) {
    namespaces.add(namespace);
  }

  void remove(Namespace namespace) {
    namespaces.remove(namespace);
  }

  /**
   * Finds room.
   *
   * @param bytes a size that {@link #checkSize} accepted; 0 for the largest extent
   * @param except a namespace whose own extent counts as free, or null
   * @return the extent, or null if there is none
   */
  @Nullable PhysRange findRoom(long bytes, @Nullable Namespace except) {
    PhysRange best = null;
    for (PhysRange extent : freeExtents(except)) {
      if (bytes != 0 && extent.bytes() >= bytes) {
        return PhysRange.ofLength(extent.start(), bytes);
      }
      if (bytes == 0 && (best == null || extent.bytes() > best.bytes())) {
        best = extent;
      }
    }
    return best;
  }

  /**
   * Checks a size that someone asked for.
   *
   * @throws MmException EINVAL if it is not a positive multiple of the alignment
   */
  void checkSize(long bytes) {
    long align = alignBytes;
    if (bytes < align || bytes % align != 0) {
      long up = Math.max(align, PageMath.alignUp(Math.max(bytes, 1), align));
      throw new MmException(
          Errno.EINVAL,
          name(),
          "align setting is 0x%x, size 0x%x is misaligned".formatted(align, bytes),
          align == ALIGN_BYTES
              ? "a multiple of 16 MiB, and at least 16 MiB"
              : "a multiple of " + align,
          "did you intend --size=" + (up % (1L << 20) == 0 ? (up >>> 20) + "M?" : up + "?"));
    }
  }

  private List<PhysRange> freeExtents(@Nullable Namespace except) {
    List<PhysRange> used = new ArrayList<>();
    for (Namespace namespace : namespaces) {
      if (namespace != except) {
        used.add(namespace.range());
      }
      PhysRange pending = namespace.pendingRange();
      if (pending != null) {
        used.add(pending);
      }
    }
    used.sort(Comparator.comparingLong(PhysRange::start));
    List<PhysRange> free = new ArrayList<>();
    long at = range.start();
    for (PhysRange taken : used) {
      addExtent(free, at, taken.start());
      at = Math.max(at, taken.end() + 1);
    }
    addExtent(free, at, range.end() + 1);
    return free;
  }

  private void addExtent(List<PhysRange> free, long from, long to) {
    long start = PageMath.alignUp(from, alignBytes);
    long end = PageMath.alignDown(to, alignBytes);
    if (end > start) {
      free.add(PhysRange.ofLength(start, end - start));
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
