package dev.pgmap.trace.query;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The text of a value where there are no types. */
final class Cell {
  private Cell() {}

  /** Null is empty, lists and maps look as DuckDB shows them. */
  static String of(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case List<?> list ->
          list.stream().map(Cell::inside).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> entry.getKey() + ": " + inside(entry.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      default -> value.toString();
    };
  }

  private static String inside(@Nullable Object value) {
    return value == null ? "NULL" : of(value);
  }
}
