package dev.pgmap.trace.query;

import java.util.Set;

/** The table {@code page}: a row for each pfn, summed up from its references. */
final class PageView {
  static final String NAME = "page";

  /** What it is made of. */
  static final Set<String> TABLES = Set.of(TableCatalog.REF);

  static final Set<String> COLUMNS = Set.of("step", "ts", "pid", "pfn", "delta");

  static final String DDL =
      """
      CREATE OR REPLACE VIEW page AS
      SELECT pfn,
             count(*) AS events,
             min(step) AS first_step,
             max(step) AS last_step,
             min(ts) AS first_ts,
             max(ts) AS last_ts,
             count(DISTINCT pid) AS tasks,
             count(*) FILTER (delta > 0) AS gets,
             count(*) FILTER (delta < 0) AS puts,
             coalesce(sum(delta), 0)::BIGINT AS net
      FROM ref
      GROUP BY pfn
      ORDER BY pfn
      """;

  private PageView() {}
}
