package dev.pgmap.trace.write;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.EventTable;
import dev.pgmap.trace.event.TraceException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The ids that a source's formats get in a file: their own, unless another format has it already or
 * it is 0, as with formats that an importer made up. Immutable.
 */
final class EventIds {
  /** Below it are the ids of ftrace's own events. */
  private static final int FIRST_FREE = 256;

  private static final int LAST = 0xffff;

  private final Map<EventFormat, EventFormat> renumbered = new IdentityHashMap<>();
  private final List<EventFormat> all = new ArrayList<>();

  /**
   * Ids for all formats of a source.
   *
   * @throws TraceException if there are more than ids
   */
  EventIds(String source, EventTable table) {
    Set<Integer> taken = new HashSet<>();
    table.all().forEach(format -> taken.add(format.id()));
    Set<Integer> given = new HashSet<>(Set.of(0));
    int next = FIRST_FREE;
    for (EventFormat format : table.all()) {
      int id = format.id();
      if (!given.add(id)) {
        while (taken.contains(next)) {
          next++;
        }
        id = next++;
      }
      if (id > LAST) {
        throw new TraceException(
            source, "has more than %d events".formatted(LAST), "an id for each", "");
      }
      add(format, id);
    }
  }

  /** The number of a format in the file. */
  int of(EventFormat format) {
    EventFormat known = renumbered.get(format);
    if (known == null) {
      throw new IllegalStateException("event %s: not in the table of its source".formatted(format));
    }
    return known.id();
  }

  /** The formats of a system, with the ids of the file. */
  List<EventFormat> ofSystem(String system) {
    return all.stream().filter(format -> format.system().equals(system)).toList();
  }

  /** The systems by first appearance. */
  List<String> systems() {
    return all.stream().map(EventFormat::system).distinct().toList();
  }

  /** All formats with the ids of the file. */
  List<EventFormat> all() {
    return all;
  }

  private void add(EventFormat format, int id) {
    EventFormat numbered =
        id == format.id()
            ? format
            : new EventFormat(
                format.system(),
                format.name(),
                id,
                format.common(),
                format.fields(),
                format.printFmt());
    renumbered.put(format, numbered);
    all.add(numbered);
  }
}
