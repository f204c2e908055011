package dev.pgmap.trace.event;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The formats of a source, by id and by name. Immutable. */
public final class EventTable {
  private final List<EventFormat> all;
  private final EventFormat[] byId;
  private final Map<String, EventFormat> byName = new HashMap<>();

  /**
   * A table; of two formats with one id the later one counts.
   *
   * @throws IllegalArgumentException if an id is not between 0 and 65535
   */
  public EventTable(Collection<EventFormat> formats) {
    this.all = List.copyOf(formats);
    int size = 0;
    for (EventFormat format : all) {
      if (format.id() < 0 || format.id() > 0xffff) {
        throw new IllegalArgumentException(
            "event %s: id %d, expected 0 to 65535".formatted(format, format.id()));
      }
      size = Math.max(size, format.id() + 1);
    }
    byId = new EventFormat[size];
    for (EventFormat format : all) {
      byId[format.id()] = format;
      byName.put(format.fullName(), format);
      byName.putIfAbsent(format.name(), format);
    }
  }

  /** All formats in the order given. */
  public List<EventFormat> all() {
    return all;
  }

  /** The format with that id; null if there is none. */
  public @Nullable EventFormat byId(int id) {
    return id >= 0 && id < byId.length ? byId[id] : null;
  }

  /** The format of {@code system:name}, or of a name alone; null if there is none. */
  public @Nullable EventFormat byName(String name) {
    return byName.get(name);
  }

  /** The formats of one system. */
  public List<EventFormat> ofSystem(String system) {
    List<EventFormat> found = new ArrayList<>();
    for (EventFormat format : all) {
      if (format.system().equals(system)) {
        found.add(format);
      }
    }
    return found;
  }
}
