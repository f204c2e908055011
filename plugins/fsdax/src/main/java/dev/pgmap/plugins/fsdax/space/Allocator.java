package dev.pgmap.plugins.fsdax.space;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import java.util.ArrayList;
import java.util.List;

/**
 * Hands out blocks.
 *
 * <p>A part of a file that holds at least one whole 2 MiB of it gets blocks that lie, on the
 * device, at the same place within their 2 MiB, so that one entry can map them. Smaller parts go on
 * where the file ended, or take the first gap that is long enough, so that gaps of 2 MiB stay
 * whole.
 */
public final class Allocator {
  /** Pages that a PMD entry maps. */
  private static final long HUGE_PAGES = 512;

  private final String name;
  private final long firstPfn;
  private final FreeSpace free = new FreeSpace();

  /**
   * Nothing is free yet.
   *
   * @param name the device's, for messages
   * @param firstPfn the page frame of block 0
   */
  public Allocator(String name, long firstPfn) {
    this.name = name;
    this.firstPfn = firstPfn;
  }

  /** Blocks that are free. */
  public long freeBlocks() {
    return free.total();
  }

  /** The longest free run in blocks. */
  public long largestRun() {
    return free.largest();
  }

  /** Makes blocks free. */
  public void release(Run run) {
    free.add(run);
  }

  /** Makes blocks free. */
  public void releaseAll(List<Run> runs) {
    runs.forEach(free::add);
  }

  /** Takes blocks that are free, for what is found at mount. */
  public void take(Run run) {
    free.remove(run);
  }

  /** Whether all blocks of a run are free. */
  public boolean isFree(Run run) {
    return free.has(run);
  }

  /**
   * One block for metadata: the first that is free.
   *
   * @throws MmException ENOSPC
   */
  public long allocateOne() {
    if (free.total() == 0) {
      throw noSpace(1);
    }
    Run first = new Run(free.runs().firstKey(), 1);
    free.remove(first);
    return first.block();
  }

  /**
   * Blocks for a part of a file, in file order.
   *
   * @param page its first file page
   * @param nrBlocks how many
   * @param goal where the file's blocks before it end, or -1
   * @throws MmException ENOSPC; nothing is taken then
   */
  public List<Run> allocate(long page, long nrBlocks, long goal) {
    if (nrBlocks > free.total()) {
      throw noSpace(nrBlocks);
    }
    List<Run> runs = new ArrayList<>();
    long done = 0;
    while (done < nrBlocks) {
      long end = runs.isEmpty() ? goal : runs.getLast().end();
      Run next = pick(page + done, nrBlocks - done, end);
      free.remove(next);
      runs.add(next);
      done += next.nrBlocks();
    }
    return runs;
  }

  private Run pick(long page, long nrBlocks, long goal) {
    boolean goalFits = goal >= 0 && free.freeFrom(goal) > 0;
    if (holdsHuge(page, nrBlocks)) {
      boolean goalIsInPhase = goalFits && goal == inPhase(goal, page);
      return goalIsInPhase && free.freeFrom(goal) >= nrBlocks
          ? new Run(goal, nrBlocks)
          : pickHuge(page, nrBlocks);
    }
    if (goalFits) {
      return new Run(goal, Math.min(nrBlocks, free.freeFrom(goal)));
    }
    Long fits = free.find(nrBlocks, 0, 1);
    return fits == null ? cut(nrBlocks) : new Run(fits, nrBlocks);
  }

  /** All of it in one run; else as many whole 2 MiB as fit; else the longest run there is. */
  private Run pickHuge(long page, long nrBlocks) {
    long phase = Math.floorMod(page - firstPfn, HUGE_PAGES);
    for (long n = nrBlocks; holdsHuge(page, n); n = lessThan(page, n)) {
      Long fits = free.find(n, phase, HUGE_PAGES);
      if (fits != null) {
        return new Run(fits, n);
      }
    }
    return cut(nrBlocks);
  }

  /** About half as much, ending at a 2 MiB boundary of the file. */
  private static long lessThan(long page, long nrBlocks) {
    long end = (page + nrBlocks / 2 + HUGE_PAGES - 1) / HUGE_PAGES * HUGE_PAGES;
    return Math.min(end - page, nrBlocks - 1);
  }

  private Run cut(long nrBlocks) {
    Run longest = free.longest();
    if (longest == null) {
      throw noSpace(nrBlocks);
    }
    return new Run(longest.block(), Math.min(nrBlocks, longest.nrBlocks()));
  }

  private long inPhase(long block, long page) {
    return block + Math.floorMod(page - firstPfn - block, HUGE_PAGES);
  }

  private static boolean holdsHuge(long page, long nrBlocks) {
    long first = (page + HUGE_PAGES - 1) / HUGE_PAGES * HUGE_PAGES;
    return first + HUGE_PAGES <= page + nrBlocks;
  }

  private MmException noSpace(long nrBlocks) {
    return new MmException(
        Errno.ENOSPC,
        name,
        "%d blocks asked for, %d free".formatted(nrBlocks, free.total()),
        "as many free blocks of 4 KiB",
        "remove files, or make a larger namespace");
  }
}
