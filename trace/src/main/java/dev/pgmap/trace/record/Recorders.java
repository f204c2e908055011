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
    CurrentTask current = Sync.current();
    if (current == null || !(current.attachment() instanceof Lane lane)) {
      return bind(current);
    }
    if (!lane.runsAs(current)) {
      lane.runAs(current);
    }
    return lane;
  }

  private static @Nullable Lane bind(@Nullable CurrentTask current) {
    Recorder recorder = current == null ? only() : BY_SYNC.get(current.sync());
    Lane lane = recorder == null ? null : recorder.lane(Thread.currentThread());
    if (lane != null) {
      lane.runAs(current);
      if (current != null) {
        current.attach(lane);
      }
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
