package dev.pgmap.trace.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows as a JSON array of objects, one a line; of columns with one name, later ones are numbered.
 */
final class JsonRows implements RowSink {
  private final PrintWriter out;
  private final JsonMapper mapper = new JsonMapper();
  private List<String> names = List.of();
  private String separator = "";

  JsonRows(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin(List<String> columns) {
    names = distinct(columns);
    out.print("[");
  }

  @Override
  public void row(List<@Nullable Object> values) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      row.put(names.get(i), values.get(i));
    }
    out.print(separator);
    out.print('\n');
    out.print(text(row));
    separator = ",";
  }

  @Override
  public void end() {
    out.print("\n]\n");
    out.flush();
  }

  private String text(Map<String, @Nullable Object> row) {
    try {
      return mapper.writeValueAsString(row);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row that JSON cannot have: " + row, e);
    }
  }

  private static List<String> distinct(List<String> columns) {
    List<String> names = new ArrayList<>();
    for (String column : columns) {
      String name = column;
      for (int i = 1; names.contains(name); i++) {
        name = column + "_" + i;
      }
      names.add(name);
    }
    return names;
  }
}
