package dev.pgmap.core.phys;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.sync.Mutex;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who claims which physical addresses: {@code iomem_resource}, shown as {@code /proc/iomem}.
 *
 * <p>A request nests below the smallest resource that contains it, or has the same range; siblings
 * never overlap. System RAM and what a driver claimed are busy, as in the kernel: nothing nests
 * there. Thread-safe.
 */
public final class ResourceTree {
  /** The answer of {@code region_intersects}. */
  public enum Intersection {
    /** Nothing of that kind is touched. */
    DISJOINT,
    /** Only that kind is touched. */
    INTERSECTS,
    /** That kind is touched, and other things too. */
    MIXED
  }

  /**
   * One line of {@code /proc/iomem}.
   *
   * @param depth 0 for the outermost
   * @param range the addresses
   * @param name whose they are
   */
  public record Line(int depth, PhysRange range, String name) {
    @Override
    public String toString() {
      return "%s%08x-%08x : %s".formatted("  ".repeat(depth), range.start(), range.end(), name);
    }
  }

  private final Mutex lock = new Mutex();
  private volatile Consumer<PhysRange> claimListener = range -> {};
  private final Resource root =
      new Resource(new PhysRange(0, Long.MAX_VALUE), "iomem", ResourceKind.OTHER, null);

  /** Tells this one of every claim of a driver, after it is made; called without locks. */
  public void setClaimListener(Consumer<PhysRange> listener) {
    claimListener = listener;
  }

  /**
   * Claims a range ({@code request_mem_region}).
   *
   * @throws MmException EBUSY if it overlaps a sibling or a busy resource; nothing is claimed then
   */
  public Resource request(PhysRange range, String name, ResourceKind kind) {
    Resource claimed = insert(range, name, kind);
    if (kind == ResourceKind.DEVICE) {
      claimListener.accept(range);
    }
    return claimed;
  }

  private Resource insert(PhysRange range, String name, ResourceKind kind) {
    lock.lock();
    try {
      Resource parent = root;
      Resource inner = root;
      while (inner != null) {
        parent = inner;
        inner = childContaining(parent, range);
      }
      for (Resource sibling : parent.children()) {
        if (sibling.range().overlaps(range)) {
          throw new MmException(
              Errno.EBUSY,
              name + " " + range,
              "overlaps " + sibling.name() + " " + sibling.range(),
              "a range of its own",
              "see /proc/iomem");
        }
      }
      Resource resource = new Resource(range, name, kind, parent);
      parent.children().add(resource);
      parent.children().sort(Comparator.comparingLong(r -> r.range().start()));
      return resource;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Claims the highest free addresses below a limit ({@code request_free_mem_region}).
   *
   * @param bytes how many; rounded up to the alignment
   * @param limit one past the last address that may be used
   * @throws MmException ERANGE if there is no such room
   */
  public Resource requestHighest(long bytes, long align, long limit, String name) {
    long size = PageMath.alignUp(bytes, align);
    lock.lock();
    try {
      for (long start = PageMath.alignDown(limit, align) - size; start > 0; start -= align) {
        PhysRange range = PhysRange.ofLength(start, size);
        Resource below = overlapping(range);
        if (below == null) {
          Resource resource = new Resource(range, name, ResourceKind.DEVICE, root);
          root.children().add(resource);
          root.children().sort(Comparator.comparingLong(r -> r.range().start()));
          return resource;
        }
        start = PageMath.alignDown(below.range().start(), align) - size + align;
      }
    } finally {
      lock.unlock();
    }
    throw new MmException(
        Errno.ERANGE, name, "no free addresses", bytes + " bytes of free addresses", "");
  }

  private @Nullable Resource overlapping(PhysRange range) {
    for (Resource child : root.children()) {
      if (child.range().overlaps(range)) {
        return child;
      }
    }
    return null;
  }

  private static @Nullable Resource childContaining(Resource parent, PhysRange range) {
    for (Resource child : parent.children()) {
      if (child.range().contains(range) && !isBusy(child)) {
        return child;
      }
    }
    return null;
  }

  private static boolean isBusy(Resource resource) {
    return resource.kind() == ResourceKind.SYSTEM_RAM || resource.kind() == ResourceKind.DEVICE;
  }

  /**
   * Gives a claim back ({@code release_resource}).
   *
   * @throws IllegalStateException if it still has children or is not in the tree
   */
  public void release(Resource resource) {
    lock.lock();
    try {
      if (!resource.children().isEmpty()) {
        throw new IllegalStateException("resource " + resource.name() + " still has children");
      }
      if (!resource.parent().children().remove(resource)) {
        throw new IllegalStateException("resource " + resource.name() + " is not in the tree");
      }
    } finally {
      lock.unlock();
    }
  }

  /** How a range meets the resources of one kind ({@code region_intersects}). */
  public Intersection intersects(PhysRange range, ResourceKind kind) {
    lock.lock();
    try {
      boolean ofKind = false;
      boolean ofOther = false;
      for (Resource top : root.children()) {
        if (top.range().overlaps(range)) {
          boolean matches = matches(top, range, kind);
          ofKind |= matches;
          ofOther |= !matches;
        }
      }
      if (!ofKind) {
        return Intersection.DISJOINT;
      }
      return ofOther ? Intersection.MIXED : Intersection.INTERSECTS;
    } finally {
      lock.unlock();
    }
  }

  private static boolean matches(Resource resource, PhysRange range, ResourceKind kind) {
    if (resource.kind() == kind) {
      return true;
    }
    for (Resource child : resource.children()) {
      if (child.range().overlaps(range) && matches(child, range, kind)) {
        return true;
      }
    }
    return false;
  }

  /** The tree in the order and with the depth of {@code /proc/iomem}. */
  public List<Line> lines() {
    lock.lock();
    try {
      List<Line> lines = new ArrayList<>();
      root.children().forEach(child -> append(child, 0, lines));
      return lines;
    } finally {
      lock.unlock();
    }
  }

  private static void append(Resource resource, int depth, List<Line> lines) {
    lines.add(new Line(depth, resource.range(), resource.name()));
    resource.children().forEach(child -> append(child, depth + 1, lines));
  }
}
