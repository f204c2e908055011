package dev.pgmap.trace.query;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.refs.PageRef;
import dev.pgmap.trace.refs.StackTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The columns of the tables of events. */
final class EventColumns {
  /** What a field is called whose name is that of a column which all events have. */
  private static final String PREFIX = "field_";

  private EventColumns() {}

  /** Those that all events have; the fields follow in the table {@code event}. */
  static List<Column> ofEvent() {
    return List.of(
        step(),
        ts(),
        cpu(),
        pid(),
        comm(),
        column("system", "VARCHAR", (to, row) -> to.add(row.event().format().system())),
        column("name", "VARCHAR", (to, row) -> to.add(row.event().format().name())),
        column("text", "VARCHAR", (to, row) -> to.add(row.text())),
        stack(),
        column("lost", "BIGINT", (to, row) -> to.add(row.event().lost())),
        column("buffer", "VARCHAR", (to, row) -> to.add(row.event().buffer())));
  }

  /** Those of a table of one system's events, without their fields. */
  static List<Column> ofSystem() {
    return List.of(step(), ts(), cpu(), pid(), comm(), eventName(), stack());
  }

  /** Those of the table of page references. */
  static List<Column> ofRef() {
    return List.of(
        step(),
        ts(),
        cpu(),
        pid(),
        comm(),
        eventName(),
        column("pfn", "BIGINT", (to, row) -> to.add(row.ref.pfn())),
        column("flags", "VARCHAR", new FlagNames()),
        column("count", "INTEGER", EventColumns::appendCount),
        column("mapcount", "BIGINT", new FieldColumn("mapcount", SqlType.BIGINT)),
        column("val", "INTEGER", (to, row) -> to.add(row.ref.val())),
        column("ret", "INTEGER", EventColumns::appendRet),
        column("delta", "INTEGER", EventColumns::appendDelta),
        stack());
  }

  /**
   * A column for each field that events of these formats have, of a type that holds all of that
   * name, in order of first mention. SQL does not tell cases apart: neither do the names.
   *
   * @param taken columns that the table has already
   */
  static List<Column> ofFields(Collection<EventFormat> formats, List<Column> taken) {
    Map<String, SqlType> types = new LinkedHashMap<>();
    for (EventFormat format : formats) {
      for (EventField field : format.fields()) {
        types.merge(field.name().toLowerCase(Locale.ROOT), SqlType.of(field), SqlType::with);
      }
    }
    Set<String> names = new HashSet<>();
    taken.forEach(column -> names.add(column.name()));
    List<Column> columns = new ArrayList<>();
    types.forEach((field, type) -> {
      String name = names.contains(field) ? PREFIX + field : field;
      if (names.add(name)) {
        columns.add(column(name, type.sql(), new FieldColumn(field, type)));
      }
    });
    return columns;
  }

  private static Column column(String name, String type, Column.Value value) {
    return new Column(name, type, value);
  }

  private static Column step() {
    return column("step", "BIGINT", (to, row) -> to.add(row.step));
  }

  private static Column ts() {
    return column("ts", "BIGINT", (to, row) -> to.add(row.event().timestamp()));
  }

  private static Column cpu() {
    return column("cpu", "INTEGER", (to, row) -> to.add(row.event().cpu()));
  }

  private static Column pid() {
    return column("pid", "INTEGER", (to, row) -> to.add(row.event().pid()));
  }

  private static Column comm() {
    return column("comm", "VARCHAR", (to, row) -> to.add(row.event().comm()));
  }

  private static Column eventName() {
    return column("event", "VARCHAR", (to, row) -> to.add(row.event().format().name()));
  }

  private static Column stack() {
    return column("stack_id", "INTEGER", (to, row) -> appendStack(to, row.stack));
  }

  /** The number of a stack; null if there is none. */
  static void appendStack(TableAppender to, int stack) {
    if (stack == StackTable.NONE) {
      to.addNull();
    } else {
      to.add(stack);
    }
  }

  private static void appendCount(TableAppender to, Row row) {
    if (row.ref.count() == PageRef.NO_COUNT) {
      to.addNull();
    } else {
      to.add(row.ref.count());
    }
  }

  private static void appendRet(TableAppender to, Row row) {
    if (row.ref.kind().hasResult()) {
      to.add(row.ref.ret());
    } else {
      to.addNull();
    }
  }

  /** By how much the count changed; null where the event only says what it became. */
  private static void appendDelta(TableAppender to, Row row) {
    PageRef ref = row.ref;
    switch (ref.kind()) {
      case SET -> to.addNull();
      case MOD, MOD_AND_TEST, MOD_AND_RETURN, UNFREEZE -> to.add(ref.val());
      case MOD_UNLESS -> to.add(ref.ret() != 0 ? ref.val() : 0);
      case FREEZE -> to.add(ref.ret() != 0 ? -ref.val() : 0);
    }
  }
}
