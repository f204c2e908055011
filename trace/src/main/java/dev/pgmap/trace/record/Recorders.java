package dev.pgmap.trace.record;

import dev.pgmap.core.sync.CurrentTask;
import dev.pgmap.core.sync.Sync;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the lane of the calling thread.
 *
 * <p>Woven code is the JVM's, machines are many: so this is the one place of static state in the
 * recorder. A thread belongs to the machine of the task that it runs as; one that runs as no task
 * belongs to the only recorder, if there is just one. Thread-safe.
 */
final class Recorders {
  private static final ConcurrentHashMap<Sync, Recorder> BY_SYNC = new ConcurrentHashMap<>();
  private static final ThreadLocal<Lane> LANE = new ThreadLocal<>();

  private Recorders() {}

  static void add(Sync sync, Recorder recorder) {
    if (BY_SYNC.putIfAbsent(sync, recorder) != null) {
      throw new IllegalStateException("this machine is being recorded already");
    }
  }

  static void remove(Sync sync) {
    BY_SYNC.remove(sync);
  }

  /** The lane of the calling thread; null if its machine is not recorded. */
  static @Nullable Lane lane() {
    Lane lane = LANE.get();
    CurrentTask current = Sync.current();
    return lane != null && current != null && lane.runsAs(current) ? lane : bind(lane, current);
  }

  private static @Nullable Lane bind(@Nullable Lane old, @Nullable CurrentTask current) {
    Recorder recorder = current == null ? only() : BY_SYNC.get(current.sync());
    if (recorder == null) {
      return null;
    }
    boolean mine = old != null && old.recorder() == recorder;
    Lane lane = mine ? old : recorder.lane(Thread.currentThread());
    if (lane == null) {
      return null;
    }
    if (!mine) {
      LANE.set(lane);
    }
    if (!lane.runsAs(current) || !mine) {
      lane.runAs(current);
    }
    return lane;
  }

  private static @Nullable Recorder only() {
    if (BY_SYNC.size() != 1) {
      return null;
    }
    for (Recorder recorder : BY_SYNC.values()) {
      return recorder;
    }
    return null;
  }
}
