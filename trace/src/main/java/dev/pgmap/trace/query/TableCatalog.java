package dev.pgmap.trace.query;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.EventTable;
import dev.pgmap.trace.refs.PageRefDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The tables of events that a recording has: {@code event} with all of them, {@code ref} with the
 * changes of page counts, and one for each event system by its name, such as {@code pgmap}.
 */
final class TableCatalog {
  static final String EVENT = "event";
  static final String REF = "ref";

  /** Names that no event system gets. */
  private static final Set<String> OTHER_TABLES =
      Set.of(OutstandingRows.NAME, StackRows.NAME, FieldRows.NAME, PageView.NAME);

  private final Map<String, EventRows> tables = new LinkedHashMap<>();

  /** The tables of a source with these formats. */
  TableCatalog(EventTable events, PageRefDecoder decoder) {
    List<Column> common = EventColumns.ofEvent();
    List<Column> fields = EventColumns.ofFields(events.all(), common);
    add(new EventRows(EVENT, common, fields, format -> true));
    add(new EventRows(REF, EventColumns.ofRef(), List.of(), decoder::decodes));
    for (EventFormat format : events.all()) {
      String system = format.system();
      if (!tables.containsKey(key(system)) && !OTHER_TABLES.contains(key(system))) {
        add(ofSystem(system, events.ofSystem(system)));
      }
    }
  }

  private void add(EventRows table) {
    tables.put(key(table.name()), table);
  }

  private static EventRows ofSystem(String system, List<EventFormat> formats) {
    List<Column> columns = new ArrayList<>(EventColumns.ofSystem());
    columns.addAll(EventColumns.ofFields(formats, columns));
    return new EventRows(system, columns, List.of(), format -> format.system().equals(system));
  }

  /** All tables. */
  List<EventRows> all() {
    return List.copyOf(tables.values());
  }

  /** The tables that a query sees, each with the columns that it sees. */
  List<EventRows> seenBy(SqlNames names) {
    return tables.entrySet().stream()
        .filter(table -> names.needs(table.getKey()))
        .map(table -> table.getValue().seenBy(names))
        .toList();
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
