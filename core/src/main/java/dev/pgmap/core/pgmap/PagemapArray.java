package dev.pgmap.core.pgmap;

import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.sync.Mutex;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From pfn to pgmap, {@code pgmap_array}.
 *
 * <p>An immutable sorted list of ranges, replaced as a whole; readers search it without a lock. The
 * remover waits for a grace period after {@link #delete}.
 */
final class PagemapArray {
  private record Slot(long firstPfn, long endPfn, DevPagemap pgmap) {}

  private final Mutex writers = new Mutex();
  private volatile List<Slot> slots = List.of();

  @Nullable DevPagemap load(long pfn) {
    List<Slot> now = slots;
    int low = 0;
    int high = now.size() - 1;
    while (low <= high) {
      int mid = (low + high) >>> 1;
      Slot slot = now.get(mid);
      if (pfn < slot.firstPfn) {
        high = mid - 1;
      } else if (pfn >= slot.endPfn) {
        low = mid + 1;
      } else {
        return slot.pgmap;
      }
    }
    return null;
  }

  void store(PhysRange range, DevPagemap pgmap) {
    writers.lock();
    try {
      List<Slot> next = new ArrayList<>(slots);
      next.add(new Slot(range.firstPfn(), range.endPfn(), pgmap));
      next.sort(Comparator.comparingLong(Slot::firstPfn));
      slots = List.copyOf(next);
    } finally {
      writers.unlock();
    }
  }

  void delete(PhysRange range, DevPagemap pgmap) {
    writers.lock();
    try {
      List<Slot> next = new ArrayList<>(slots);
      next.removeIf(s -> s.pgmap == pgmap && s.firstPfn == range.firstPfn());
      slots = List.copyOf(next);
    } finally {
      writers.unlock();
    }
  }
}
