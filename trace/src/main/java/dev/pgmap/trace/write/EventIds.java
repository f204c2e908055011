package dev.pgmap.trace.write;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.EventTable;
import dev.pgmap.trace.event.TraceException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The ids that a source's formats get in a file: their own, unless another format has it already or
 * it is 0, as with formats that an importer made up. Immutable.
 */
final class EventIds {
  /** Below it are the ids of ftrace's own events. */
  private static final int FIRST_FREE = 256;

  private static final int LAST = 0xffff;

  /** What each format becomes, by identity, in the order of the table. */
  private final Map<EventFormat, EventFormat> numbered = new LinkedHashMap<>();

  private EventIds() {}

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
      numbered.put(format, withId(format, id));
    }
  }

  /** The number of a format in the file; its own if the table does not have it. */
  int of(EventFormat format) {
    return numbered.getOrDefault(format, format).id();
  }

  /** The same ids, but only for some of the table's formats. */
  EventIds only(Predicate<EventFormat> formats) {
    EventIds some = new EventIds();
    numbered.forEach((format, withId) -> {
      if (formats.test(format)) {
        some.numbered.put(format, withId);
      }
    });
    return some;
  }

  /** The formats of a system, with the ids of the file. */
  List<EventFormat> ofSystem(String system) {
    return all().stream().filter(format -> format.system().equals(system)).toList();
  }

  /** The systems by first appearance. */
  List<String> systems() {
    return all().stream().map(EventFormat::system).distinct().toList();
  }

  /** All formats with the ids of the file. */
  List<EventFormat> all() {
    return List.copyOf(numbered.values());
  }

  private static EventFormat withId(EventFormat format, int id) {
    return id == format.id()
        ? format
        : new EventFormat(
            format.system(),
            format.name(),
            id,
            format.common(),
            format.fields(),
            format.printFmt());
  }
}
