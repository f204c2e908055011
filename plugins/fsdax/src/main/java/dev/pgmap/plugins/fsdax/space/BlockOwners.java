package dev.pgmap.plugins.fsdax.space;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The reverse map: for every block in use the files that have it, and so how many share it.
 *
 * <p>Kept as disjoint runs each of which has the same owners throughout; a run is split where an
 * owner's part begins or ends.
 */
public final class BlockOwners {
  /**
   * A run and who has it.
   *
   * @param run the blocks
   * @param owners at least one; their pages are those of the run's first block
   */
  public record Owned(Run run, List<Owner> owners) {
    /** Copies the list. */
    public Owned {
      owners = List.copyOf(owners);
    }
  }

  private final TreeMap<Long, Owned> runs = new TreeMap<>();

  /** Adds an owner to blocks; {@code owner}'s page is that of the first. */
  public void add(Run run, Owner owner) {
    split(run.block());
    split(run.end());
    long at = run.block();
    while (at < run.end()) {
      Owned there = runs.get(at);
      Owner here = owner.shifted(at - run.block());
      if (there == null) {
        Long next = runs.higherKey(at);
        long end = next == null ? run.end() : Math.min(next, run.end());
        runs.put(at, new Owned(new Run(at, end - at), List.of(here)));
        at = end;
      } else {
        List<Owner> owners = new ArrayList<>(there.owners());
        owners.add(here);
        runs.put(at, new Owned(there.run(), owners));
        at = there.run().end();
      }
    }
  }

  /**
   * Takes an owner away from blocks that it has.
   *
   * @return the blocks that nobody has any more
   * @throws IllegalStateException if it does not have all of them
   */
  public List<Run> remove(Run run, Owner owner) {
    split(run.block());
    split(run.end());
    List<Run> freed = new ArrayList<>();
    long at = run.block();
    while (at < run.end()) {
      Owned there = runs.get(at);
      Owner here = owner.shifted(at - run.block());
      if (there == null || !there.owners().contains(here)) {
        throw new IllegalStateException("block " + at + " is not of " + here);
      }
      List<Owner> owners = new ArrayList<>(there.owners());
      owners.remove(here);
      if (owners.isEmpty()) {
        runs.remove(at);
        freed.add(there.run());
      } else {
        runs.put(at, new Owned(there.run(), owners));
      }
      at = there.run().end();
    }
    return freed;
  }

  /** Makes a run begin at that block, if one holds it. */
  private void split(long block) {
    Map.Entry<Long, Owned> holder = runs.lowerEntry(block);
    if (holder == null || holder.getValue().run().end() <= block) {
      return;
    }
    Run whole = holder.getValue().run();
    List<Owner> owners = holder.getValue().owners();
    long before = block - whole.block();
    runs.put(whole.block(), new Owned(new Run(whole.block(), before), owners));
    runs.put(
        block,
        new Owned(
            new Run(block, whole.nrBlocks() - before),
            owners.stream().map(owner -> owner.shifted(before)).toList()));
  }

  /** The runs that meet some blocks, cut to these, with their owners. */
  public List<Owned> within(Run run) {
    List<Owned> found = new ArrayList<>();
    Long first = runs.floorKey(run.block());
    for (Owned owned :
        runs.subMap(first == null ? run.block() : first, true, run.end(), false).values()) {
      long from = Math.max(owned.run().block(), run.block());
      long to = Math.min(owned.run().end(), run.end());
      if (from < to) {
        long cut = from - owned.run().block();
        found.add(
            new Owned(
                new Run(from, to - from),
                owned.owners().stream().map(owner -> owner.shifted(cut)).toList()));
      }
    }
    return found;
  }

  /** How many files have a block. */
  public int countOf(long block) {
    List<Owned> found = within(new Run(block, 1));
    return found.isEmpty() ? 0 : found.getFirst().owners().size();
  }

  /**
   * How far blocks from one on are alike: all shared, or all of one file.
   *
   * @return how many, at least 1 and at most the run's length
   */
  public long sameFor(Run run) {
    long end = run.block();
    Boolean shared = null;
    for (Owned owned : within(run)) {
      boolean here = owned.owners().size() > 1;
      if (shared != null && shared != here) {
        break;
      }
      shared = here;
      end = owned.run().end();
    }
    return Math.max(1, end - run.block());
  }
}
