package dev.pgmap.trace.event;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Task names by pid: the saved_cmdlines of a source. Immutable. */
public record Comms(Map<Integer, String> byPid) {
  /** No names. */
  public static final Comms NONE = new Comms(Map.of());

  /** What a kernel prints where it has no name. */
  public static final String UNKNOWN = "<...>";

  /** What a kernel prints for pid 0. */
  public static final String IDLE = "<idle>";

  /** A table, sorted by pid. */
  public Comms(Map<Integer, String> byPid) {
    this.byPid = Collections.unmodifiableMap(new TreeMap<>(byPid));
  }

  /** The name of a task. */
  public String of(int pid) {
    String comm = byPid.get(pid);
    return comm != null ? comm : pid == 0 ? IDLE : UNKNOWN;
  }
}
