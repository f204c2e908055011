package dev.pgmap.trace.query;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.EventTable;

/** The table {@code field}: a row for each field of each event that the recording knows. */
final class FieldRows {
  static final String NAME = "field";

  static final String DDL =
      "CREATE OR REPLACE TABLE field (system VARCHAR, event VARCHAR, id INTEGER, name VARCHAR,"
          + " declaration VARCHAR, type VARCHAR, \"offset\" INTEGER, bytes INTEGER)";

  private FieldRows() {}

  /** Fills the table, which must be empty. */
  static void fill(DuckSession duck, EventTable events) {
    try (TableAppender appender = duck.appender(NAME)) {
      for (EventFormat format : events.all()) {
        for (EventField field : format.fields()) {
          append(appender, format, field);
        }
      }
    }
  }

  private static void append(TableAppender to, EventFormat format, EventField field) {
    to.beginRow();
    to.add(format.system()).add(format.name()).add(format.id());
    to.add(field.name()).add(field.declaration()).add(SqlType.of(field).sql());
    to.add(field.offset()).add(field.bytes());
    to.endRow();
  }
}
