package dev.pgmap.shell.conformance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pgmap.shell.conformance.Row.Verdict;
import dev.pgmap.shell.format.JsonText;
import dev.pgmap.shell.format.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What came of recordings, as text and as JSON. */
final class Reports {
  private Reports() {}

  /** A table, and below it one line that counts. */
  static List<String> text(List<Row> rows) {
    Table table = new Table("RECORDING", "EVENTS", "RESULT");
    for (Row row : rows) {
      table.row(row.recording().name(), row.nrEvents(), result(row));
    }
    List<String> lines = new ArrayList<>(table.lines());
    lines.add(counts(rows));
    return lines;
  }

  private static String result(Row row) {
    String difference = row.difference().isEmpty() ? "" : ": " + row.difference();
    String explanation = row.explanation().isEmpty() ? "" : " (" + row.explanation() + ")";
    return row.verdict().text() + difference + explanation;
  }

  /** How many of each kind. */
  static String counts(List<Row> rows) {
    return "%d recordings: %d match, %d differ as explained, %d not run, %d differ"
        .formatted(
            rows.size(),
            rows.stream().filter(row -> row.verdict().isMatch()).count(),
            rows.stream().filter(row -> row.verdict() == Verdict.EXPLAINED).count(),
            rows.stream().filter(row -> row.verdict() == Verdict.NOT_RUN).count(),
            rows.stream().filter(row -> row.verdict().isFailure()).count());
  }

  static String json(List<Row> rows) {
    ArrayNode array = JsonText.array();
    for (Row row : rows) {
      ObjectNode json =
          array
              .addObject()
              .put("series", row.recording().series())
              .put("scenario", row.recording().scenario())
              .put("command", row.recording().meta().command())
              .put("events", row.nrEvents())
              .put("result", row.verdict().name().toLowerCase(Locale.ROOT).replace('_', '-'));
      if (!row.difference().isEmpty()) {
        json.put(row.verdict() == Verdict.NOT_RUN ? "why" : "difference", row.difference());
      }
      if (!row.explanation().isEmpty()) {
        json.put("explanation", row.explanation());
      }
    }
    return JsonText.of(array);
  }
}
