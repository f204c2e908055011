package dev.pgmap.trace.ledger;

import dev.pgmap.trace.event.Comms;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adds up amounts by task. For one thread. */
final class TaskTally {
  private final Map<Integer, Long> byPid = new HashMap<>();

  void add(int pid, long amount) {
    byPid.merge(pid, amount, Long::sum);
  }

  /** The shares, the largest first. */
  List<TaskShare> shares(Comms comms) {
    return byPid.entrySet().stream()
        .map(entry -> new TaskShare(entry.getKey(), comms.of(entry.getKey()), entry.getValue()))
        .sorted(
            Comparator.comparingLong(TaskShare::amount).reversed().thenComparing(TaskShare::pid))
        .toList();
  }
}
