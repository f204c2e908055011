package dev.pgmap.trace.query;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows as comma-separated values; a null is an empty cell, an empty text a quoted one. */
final class CsvRows implements RowSink {
  private final PrintWriter out;

  CsvRows(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin(List<String> columns) {
    row(List.copyOf(columns));
  }

  @Override
  public void row(List<@Nullable Object> values) {
    out.print(values.stream().map(CsvRows::cell).collect(Collectors.joining(",")));
    out.print('\n');
  }

  @Override
  public void end() {
    out.flush();
  }

  private static String cell(@Nullable Object value) {
    String text = Cell.of(value);
    boolean quoted =
        value != null && text.isEmpty()
            || text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
