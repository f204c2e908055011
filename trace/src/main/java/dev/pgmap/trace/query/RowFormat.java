package dev.pgmap.trace.query;

import java.io.PrintWriter;
import java.util.function.Function;

/** How rows are written. */
public enum RowFormat {
  /** Columns with headings, for people. */
  TABLE(TableRows::new),
  /** Comma-separated values with a line of headings (RFC 4180, but lines end as Unix has them). */
  CSV(CsvRows::new),
  /** A JSON array with an object for each row. */
  JSON(JsonRows::new);

  private final Function<PrintWriter, RowSink> sink;

  RowFormat(Function<PrintWriter, RowSink> sink) {
    this.sink = sink;
  }

  /** A sink that writes rows so; the writer stays open. */
  public RowSink to(PrintWriter out) {
    return sink.apply(out);
  }
}
