package dev.pgmap.core.phys;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.sync.Mutex;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The page frames of System RAM: which are free, and who may have some.
 *
 * <p>Of the free frames the lowest that fit are used, so that large requests (the struct pages of a
 * section) stay contiguous. Memory of the movable zone is used first by those who may have it.
 * Frames are given back to the host when they are freed. RAM grows and shrinks as memory goes
 * online and offline. Thread-safe.
 */
public final class Ram {
  private record Part(PhysRange range, Zone zone) {}

  private final PhysicalMemory memory;
  private final Mutex lock = new Mutex();
  private final FreeExtents normal = new FreeExtents();
  private final FreeExtents movable = new FreeExtents();
  private final AllocFaults faults = new AllocFaults();
  private volatile List<Part> parts = List.of();

  /** All frames of these ranges are free. */
  public Ram(PhysicalMemory memory, List<PhysRange> ranges) {
    this.memory = memory;
    ranges.forEach(range -> online(range, Zone.NORMAL));
  }

  /** The allocations of this machine that are made to fail. */
  public AllocFaults faults() {
    return faults;
  }

  /**
   * Takes contiguous frames for something that can be moved: the memory of a task or a file.
   *
   * @param nrPages how many
   * @param alignPages a power of two that the first pfn is a multiple of
   * @return the first pfn
   * @throws MmException ENOMEM if no extent fits; nothing is taken
   */
  public long allocPages(long nrPages, long alignPages) {
    faults.check(AllocFaults.Site.PAGE);
    lock.lock();
    try {
      long first = movable.take(nrPages, alignPages);
      return first >= 0 ? first : takeNormal(nrPages, alignPages);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The same for what the engine itself keeps there, such as struct pages: never movable memory.
   */
  public long allocUnmovablePages(long nrPages, long alignPages) {
    lock.lock();
    try {
      return takeNormal(nrPages, alignPages);
    } finally {
      lock.unlock();
    }
  }

  private long takeNormal(long nrPages, long alignPages) {
    long first = normal.take(nrPages, alignPages);
    if (first < 0) {
      long free = normal.nrPages() + movable.nrPages();
      throw new MmException(
          Errno.ENOMEM,
          "RAM",
          "%d pages free (%d MiB)".formatted(free, free >> 8),
          "%d contiguous pages (%d MiB)".formatted(nrPages, nrPages >> 8),
          "use a machine with more RAM, or keep struct pages in the device (map dev)");
    }
    return first;
  }

  /**
   * Gives frames back; their bytes are forgotten.
   *
   * @throws IllegalStateException if one of them is free already, or is no RAM; nothing changed
   */
  public void freePages(long firstPfn, long nrPages) {
    lock.lock();
    try {
      if (freeIn(firstPfn, nrPages) > 0) {
        throw new IllegalStateException("double free of RAM at pfn 0x%x".formatted(firstPfn));
      }
      if (ramIn(firstPfn, nrPages) != nrPages) {
        throw new IllegalStateException("free of what is no RAM at pfn 0x%x".formatted(firstPfn));
      }
      memory.discard(PhysRange.ofLength(firstPfn << 12, nrPages << 12));
      extentsOf(zoneOf(firstPfn)).add(firstPfn, nrPages);
    } finally {
      lock.unlock();
    }
  }

  private long freeIn(long firstPfn, long nrPages) {
    return normal.freeIn(firstPfn, nrPages) + movable.freeIn(firstPfn, nrPages);
  }

  private long ramIn(long firstPfn, long nrPages) {
    long inRam = 0;
    for (Part part : parts) {
      long first = Math.max(firstPfn, part.range.firstPfn());
      inRam += Math.max(0, Math.min(firstPfn + nrPages, part.range.endPfn()) - first);
    }
    return inRam;
  }

  private Zone zoneOf(long pfn) {
    return parts.stream()
        .filter(part -> pfn >= part.range.firstPfn() && pfn < part.range.endPfn())
        .map(Part::zone)
        .findFirst()
        .orElse(Zone.NORMAL);
  }

  private FreeExtents extentsOf(Zone zone) {
    return zone == Zone.MOVABLE ? movable : normal;
  }

  /**
   * Adds frames, all of them free.
   *
   * @throws IllegalStateException if some are RAM already
   */
  public void online(PhysRange range, Zone zone) {
    lock.lock();
    try {
      if (ramIn(range.firstPfn(), range.nrPages()) != 0) {
        throw new IllegalStateException(range + " is RAM already");
      }
      List<Part> more = new ArrayList<>(parts);
      more.add(new Part(range, zone));
      more.sort(Comparator.comparingLong(part -> part.range.start()));
      extentsOf(zone).add(range.firstPfn(), range.nrPages());
      parts = List.copyOf(more);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes frames away, if all of them are free.
   *
   * @throws MmException EBUSY that says how many are in use, EINVAL if some are no RAM; nothing
   *     changed
   */
  public void offline(PhysRange range) {
    lock.lock();
    try {
      long nrPages = range.nrPages();
      checkAllRam(range, nrPages - ramIn(range.firstPfn(), nrPages));
      checkAllFree(range, nrPages - freeIn(range.firstPfn(), nrPages));
      extentsOf(zoneOf(range.firstPfn())).remove(range.firstPfn(), nrPages);
      parts = parts.stream().flatMap(part -> without(part, range).stream()).toList();
    } finally {
      lock.unlock();
    }
  }

  private static void checkAllRam(PhysRange range, long holes) {
    if (holes != 0) {
      throw new MmException(
          Errno.EINVAL, "memory " + range, holes + " pages that are no RAM", "RAM only", "");
    }
  }

  private static void checkAllFree(PhysRange range, long used) {
    if (used != 0) {
      throw new MmException(
          Errno.EBUSY,
          "memory " + range,
          used + " pages in use",
          "free pages only",
          "end the tasks whose memory it is");
    }
  }

  private static List<Part> without(Part part, PhysRange hole) {
    List<Part> rest = new ArrayList<>();
    if (!part.range.overlaps(hole)) {
      return List.of(part);
    }
    if (part.range.start() < hole.start()) {
      rest.add(new Part(new PhysRange(part.range.start(), hole.start() - 1), part.zone));
    }
    if (part.range.end() > hole.end()) {
      rest.add(new Part(new PhysRange(hole.end() + 1, part.range.end()), part.zone));
    }
    return rest;
  }

  /** The ranges of System RAM that are online, by address. */
  public List<PhysRange> ranges() {
    return parts.stream().map(Part::range).toList();
  }

  /** Frames in all. */
  public long totalPages() {
    return parts.stream().mapToLong(part -> part.range.nrPages()).sum();
  }

  /** Frames that nobody has. */
  public long freePages() {
    lock.lock();
    try {
      return normal.nrPages() + movable.nrPages();
    } finally {
      lock.unlock();
    }
  }
}
