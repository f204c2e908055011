package dev.pgmap.trace.query;

import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.refs.StackTable;
import java.util.List;

/** The table {@code stack}: a row for each frame of each stack. */
final class StackRows {
  static final String NAME = "stack";

  static final String DDL =
      "CREATE OR REPLACE TABLE stack"
          + " (id INTEGER, depth INTEGER, function VARCHAR, hint BOOLEAN, folded VARCHAR)";

  private StackRows() {}

  /** Fills the table, which must be empty. */
  static void fill(DuckSession duck, StackTable stacks, Symbols symbols) {
    try (TableAppender appender = duck.appender(NAME)) {
      for (int id = StackTable.NONE + 1; id < stacks.size(); id++) {
        append(appender, id, stacks.isHint(id), stacks.names(id, symbols));
      }
    }
  }

  private static void append(TableAppender to, int id, boolean hint, List<String> innermostFirst) {
    String folded = String.join(";", innermostFirst.reversed());
    for (int depth = 0; depth < innermostFirst.size(); depth++) {
      to.beginRow();
      to.add(id).add(depth).add(innermostFirst.get(depth)).add(hint).add(folded);
      to.endRow();
    }
  }
}
