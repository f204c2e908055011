package dev.pgmap.core.dax;

import dev.pgmap.api.pgmap.PhysRange;
import java.util.ArrayList;
import java.util.List;

/**
 * One range of a dax device, {@code struct dev_dax_range}.
 *
 * @param range the addresses
 * @param pgoff where they begin in the device's file, in 4 KiB pages
 */
public record DaxRange(PhysRange range, long pgoff) {

  /** Gives ranges their file offsets: each begins where the one before it ends. */
  static List<DaxRange> inOrder(List<PhysRange> ranges) {
    List<DaxRange> result = new ArrayList<>();
    long pgoff = 0;
    for (PhysRange range : ranges) {
      result.add(new DaxRange(range, pgoff));
      pgoff += range.nrPages();
    }
    return List.copyOf(result);
  }
}
