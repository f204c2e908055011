package dev.pgmap.trace.query;

import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Struct;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.duckdb.DuckDBStruct;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a result as plain values. */
final class ResultReader {
  private final ResultSet result;

  ResultReader(ResultSet result) {
    this.result = result;
  }

  /**
   * Sends all rows.
   *
   * @throws CancellationException if the thread is interrupted
   */
  void send(RowSink sink) throws SQLException {
    List<String> columns = columns();
    sink.begin(columns);
    while (result.next()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("interrupted");
      }
      sink.row(row(columns.size()));
    }
    sink.end();
  }

  private List<String> columns() throws SQLException {
    ResultSetMetaData meta = result.getMetaData();
    List<String> columns = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      columns.add(meta.getColumnLabel(i));
    }
    return columns;
  }

  private List<@Nullable Object> row(int columns) throws SQLException {
    List<@Nullable Object> row = new ArrayList<>(columns);
    for (int i = 1; i <= columns; i++) {
      row.add(plain(result.getObject(i)));
    }
    return row;
  }

  private static @Nullable Object plain(@Nullable Object value) throws SQLException {
    return switch (value) {
      case null -> null;
      case Number number -> number;
      case Boolean bool -> bool;
      case Array array -> list(Arrays.asList((Object[]) array.getArray()));
      case DuckDBStruct struct -> map(struct.getMap());
      case Struct struct -> list(Arrays.asList(struct.getAttributes()));
      case Map<?, ?> map -> map(map);
      case List<?> list -> list(list);
      case Blob blob -> "0x" + HexFormat.of().formatHex(blob.getBytes(1, (int) blob.length()));
      default -> value.toString();
    };
  }

  private static List<@Nullable Object> list(List<? extends @Nullable Object> from)
      throws SQLException {
    List<@Nullable Object> list = new ArrayList<>();
    for (Object element : from) {
      list.add(plain(element));
    }
    return list;
  }

  private static Map<String, @Nullable Object> map(Map<?, ?> from) throws SQLException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : from.entrySet()) {
      map.put(String.valueOf(entry.getKey()), plain(entry.getValue()));
    }
    return map;
  }
}
