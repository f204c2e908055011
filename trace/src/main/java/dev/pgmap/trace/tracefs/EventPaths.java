package dev.pgmap.trace.tracefs;

import dev.pgmap.trace.filter.Glob;
import java.util.List;

/** Where the files of events are. Stateless. */
public final class EventPaths {
  private static final String EVENTS = "events/";

  private EventPaths() {}

  /** The directories of the events that a pattern names: a system, an event or SYSTEM:EVENT. */
  public static List<String> of(TraceFs files, String pattern) {
    return files
        .read("available_events")
        .lines()
        .filter(name -> isMeant(name, pattern))
        .map(name -> EVENTS + name.replace(':', '/'))
        .toList();
  }

  /** The filter files to write: a system has one for all of its events. */
  static List<String> filterPaths(TraceFs files, String pattern) {
    return files.isDirectory(EVENTS + pattern)
        ? List.of(EVENTS + pattern + "/filter")
        : of(files, pattern).stream().map(path -> path + "/filter").toList();
  }

  private static boolean isMeant(String name, String pattern) {
    int colon = name.indexOf(':');
    Glob glob = new Glob(pattern);
    return glob.matches(name)
        || glob.matches(name.substring(0, colon))
        || glob.matches(name.substring(colon + 1));
  }
}
