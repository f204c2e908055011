package dev.pgmap.trace.query;

import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.LedgerOptions;
import dev.pgmap.trace.ledger.PageLedger;
import dev.pgmap.trace.refs.StackTable;
import java.util.Locale;

/**
 * The table {@code outstanding}: what each task holds of each page at the end of the recording,
 * from the {@link PageLedger}.
 */
final class OutstandingRows {
  static final String NAME = "outstanding";

  static final String DDL =
      "CREATE OR REPLACE TABLE outstanding (pfn BIGINT, kind VARCHAR, holding VARCHAR,"
          + " amount INTEGER, refs INTEGER, pid INTEGER, comm VARCHAR, since BIGINT, newest BIGINT,"
          + " certainty VARCHAR, stack_id INTEGER)";

  private OutstandingRows() {}

  /**
   * Fills the table, which must be empty.
   *
   * @param stacks gets the stacks of the acquirers, so that stack_id is one of the table of stacks
   */
  static void fill(DuckSession duck, TraceSource source, LedgerOptions options, StackTable stacks) {
    PageLedger ledger = PageLedger.of(source, options);
    try (TableAppender appender = duck.appender(NAME)) {
      ledger.forEachOutstanding(one -> {
        appender.beginRow();
        appender.add(one.pfn()).add(word(one.kind())).add(word(one.holding()));
        appender.add(one.amount()).add(one.refs());
        appender.add(one.pid()).add(source.comms().of(one.pid()));
        appender.add(one.oldest()).add(one.newest()).add(one.certainty().text());
        EventColumns.appendStack(appender, copy(one.stack(), ledger.stacks(), stacks));
        appender.endRow();
      });
    }
  }

  /** A constant as a person writes it. */
  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static int copy(int stack, StackTable from, StackTable to) {
    if (stack == StackTable.NONE) {
      return StackTable.NONE;
    }
    long[] frames = from.frames(stack);
    return to.intern(frames, frames.length, from.isHint(stack));
  }
}
