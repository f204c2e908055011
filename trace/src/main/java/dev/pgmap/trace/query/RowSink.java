package dev.pgmap.trace.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the rows of a result, one after the other. */
public interface RowSink {
  /** Begins: the names of the columns. */
  void begin(List<String> columns);

  /**
   * A row.
   *
   * @param values one for each column: a Number, Boolean, String, List or Map of such, or null
   */
  void row(List<@Nullable Object> values);

  /** Ends; not called if the query failed. */
  void end();
}
