package dev.pgmap.trace.query;

import dev.pgmap.trace.event.EventFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A table with a row for each event of some formats.
 *
 * @param name as SQL names it
 * @param columns in their order
 * @param more columns that are there for a query that names them
 * @param takes which events it has
 */
record EventRows(
    String name, List<Column> columns, List<Column> more, Predicate<EventFormat> takes) {

  /** The table as a query sees it; with its first column if it sees none. */
  EventRows seenBy(SqlNames names) {
    List<Column> seen = new ArrayList<>();
    columns.stream().filter(column -> names.sees(column.name())).forEach(seen::add);
    more.stream().filter(column -> names.columns().contains(column.name())).forEach(seen::add);
    return new EventRows(name, seen.isEmpty() ? columns.subList(0, 1) : seen, List.of(), takes);
  }

  /** Whether it has a column. */
  boolean has(String column) {
    return columns.stream().anyMatch(own -> own.name().equals(column));
  }

  /** The statement that creates it. */
  String ddl() {
    return "CREATE OR REPLACE TABLE %s (%s)"
        .formatted(
            Column.quoted(name),
            String.join(", ", columns.stream().map(Column::declaration).toList()));
  }
}
