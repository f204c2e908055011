package dev.pgmap.trace.record;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The rings that lanes had until they were given others. An event that was being written at that
 * moment still appears here. Thread-safe.
 */
public final class TakenRings {
  /** A lane and the ring it had. */
  private record Ring(Lane lane, LaneBuffer buffer) {}

  /** No rings at all. */
  public static final TakenRings NONE = new TakenRings(List.of());

  private final List<Ring> rings = new ArrayList<>();

  TakenRings(Collection<Lane> lanes) {
    lanes.forEach(lane -> rings.add(new Ring(lane, lane.buffer())));
  }

  /** Copies what those of some cpus hold; the others are empty. */
  public List<FrozenLane> freeze(IntPredicate cpus) {
    return rings.stream().map(ring -> freeze(ring, cpus)).toList();
  }

  private static FrozenLane freeze(Ring ring, IntPredicate cpus) {
    return cpus.test(ring.lane.cpu())
        ? FrozenLane.of(ring.lane, ring.buffer)
        : FrozenLane.emptyOf(ring.lane);
  }
}
