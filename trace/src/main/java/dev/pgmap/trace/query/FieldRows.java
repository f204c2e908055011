package dev.pgmap.trace.query;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.EventTable;
import java.sql.SQLException;
import org.duckdb.DuckDBAppender;

/** The table {@code field}: a row for each field of each event that the recording knows. */
final class FieldRows {
  static final String NAME = "field";

  static final String DDL =
      "CREATE OR REPLACE TABLE field (system VARCHAR, event VARCHAR, id INTEGER, name VARCHAR,"
          + " declaration VARCHAR, type VARCHAR, \"offset\" INTEGER, bytes INTEGER)";

  private FieldRows() {}

  /** Fills the table, which must be empty. */
  static void fill(DuckSession duck, EventTable events) throws SQLException {
    try (DuckDBAppender appender = duck.appender(NAME)) {
      for (EventFormat format : events.all()) {
        for (EventField field : format.fields()) {
          append(appender, format, field);
        }
      }
    }
  }

  private static void append(DuckDBAppender to, EventFormat format, EventField field)
      throws SQLException {
    to.beginRow();
    to.append(format.system()).append(format.name()).append(format.id());
    to.append(field.name()).append(field.declaration()).append(SqlType.of(field).sql());
    to.append(field.offset()).append(field.bytes());
    to.endRow();
  }
}
