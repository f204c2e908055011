package dev.pgmap.core.phys;

import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.sync.Mutex;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What the medium has lost: sectors of 512 bytes that cannot be read, {@code struct badblocks}.
 *
 * <p>Thread-safe. Asking costs one load while there are none.
 */
public final class MediaErrors {
  /** Bytes in a sector. */
  public static final long SECTOR_BYTES = 512;

  private final Mutex lock = new Mutex();
  private volatile List<PhysRange> ranges = List.of();

  /** Loses a range of whole sectors. */
  public void add(PhysRange lost) {
    lock.lock();
    try {
      List<PhysRange> all = new ArrayList<>(without(lost));
      all.add(lost);
      all.sort(Comparator.comparingLong(PhysRange::start));
      ranges = List.copyOf(all);
    } finally {
      lock.unlock();
    }
  }

  /** Makes a range of whole sectors readable again; its bytes are whatever is written next. */
  public void clear(PhysRange repaired) {
    if (ranges.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      ranges = without(repaired);
    } finally {
      lock.unlock();
    }
  }

  private List<PhysRange> without(PhysRange hole) {
    List<PhysRange> rest = new ArrayList<>();
    for (PhysRange range : ranges) {
      if (!range.overlaps(hole)) {
        rest.add(range);
        continue;
      }
      if (range.start() < hole.start()) {
        rest.add(new PhysRange(range.start(), hole.start() - 1));
      }
      if (range.end() > hole.end()) {
        rest.add(new PhysRange(hole.end() + 1, range.end()));
      }
    }
    return List.copyOf(rest);
  }

  /** What is lost of a range, by address. */
  public List<PhysRange> in(PhysRange range) {
    List<PhysRange> lost = new ArrayList<>();
    for (PhysRange one : ranges) {
      if (one.overlaps(range)) {
        lost.add(
            new PhysRange(Math.max(one.start(), range.start()), Math.min(one.end(), range.end())));
      }
    }
    return lost;
  }

  /** Whether some of these bytes cannot be read. */
  public boolean isLost(long address, long nrBytes) {
    List<PhysRange> all = ranges;
    return !all.isEmpty()
        && nrBytes > 0
        && all.stream().anyMatch(PhysRange.ofLength(address, nrBytes)::overlaps);
  }
}
