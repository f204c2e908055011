package dev.pgmap.plugins.fsdax.space;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The free runs of a device: disjoint, never adjacent. */
final class FreeSpace {
  private final TreeMap<Long, Long> runs = new TreeMap<>();
  private long total;

  /** Blocks that are free. */
  long total() {
    return total;
  }

  /** The longest run. */
  long largest() {
    return runs.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** The runs by their first block. */
  NavigableMap<Long, Long> runs() {
    return runs;
  }

  /** Adds blocks that are not free. */
  void add(Run run) {
    Map.Entry<Long, Long> before = runs.floorEntry(run.block());
    Map.Entry<Long, Long> after = runs.ceilingEntry(run.block());
    long start = run.block();
    long end = run.end();
    boolean overlaps =
        (before != null && before.getKey() + before.getValue() > start)
            || (after != null && after.getKey() < end);
    if (overlaps) {
      throw new IllegalStateException("freed twice: " + run);
    }
    if (before != null && before.getKey() + before.getValue() == start) {
      start = before.getKey();
    }
    if (after != null && after.getKey() == end) {
      end += after.getValue();
      runs.remove(after.getKey());
    }
    runs.put(start, end - start);
    total += run.nrBlocks();
  }

  /** Whether all blocks of a run are free. */
  boolean has(Run run) {
    Map.Entry<Long, Long> holder = runs.floorEntry(run.block());
    return holder != null && holder.getKey() + holder.getValue() >= run.end();
  }

  /** How many blocks from a block on are free. */
  long freeFrom(long block) {
    Map.Entry<Long, Long> holder = runs.floorEntry(block);
    return holder == null ? 0 : Math.max(0, holder.getKey() + holder.getValue() - block);
  }

  /** Takes blocks all of which are free. */
  void remove(Run run) {
    Map.Entry<Long, Long> holder = runs.floorEntry(run.block());
    if (holder == null || !has(run)) {
      throw new IllegalStateException("not free: " + run);
    }
    long start = holder.getKey();
    long end = start + holder.getValue();
    runs.remove(start);
    if (start < run.block()) {
      runs.put(start, run.block() - start);
    }
    if (run.end() < end) {
      runs.put(run.end(), end - run.end());
    }
    total -= run.nrBlocks();
  }

  /**
   * The first place of a run with a given phase.
   *
   * @param nrBlocks its length
   * @param phase what its first block must be modulo {@code unit}
   * @return its first block, or null if there is none
   */
  @Nullable Long find(long nrBlocks, long phase, long unit) {
    for (Map.Entry<Long, Long> run : runs.entrySet()) {
      long start = run.getKey() + Math.floorMod(phase - run.getKey(), unit);
      if (start + nrBlocks <= run.getKey() + run.getValue()) {
        return start;
      }
    }
    return null;
  }

  /** The longest run, or null if nothing is free. */
  @Nullable Run longest() {
    Run best = null;
    for (Map.Entry<Long, Long> run : runs.entrySet()) {
      if (best == null || run.getValue() > best.nrBlocks()) {
        best = new Run(run.getKey(), run.getValue());
      }
    }
    return best;
  }
}
