package dev.pgmap.trace.query;

import java.util.Set;

/** The table {@code page}: a row for each pfn, summed up from its references. */
final class PageView {
  static final String NAME = "page";

  /** What it is made of. */
  static final Set<String> TABLES = Set.of(TableCatalog.REF, OutstandingRows.NAME);

  static final Set<String> COLUMNS = Set.of("step", "ts", "pid", "pfn", "delta");

  static final String DDL =
      """
      CREATE OR REPLACE VIEW page AS
      WITH held AS (
        SELECT pfn, sum(refs)::BIGINT AS refs
        FROM outstanding
        WHERE holding = 'user'
        GROUP BY pfn)
      SELECT r.pfn,
             count(*) AS events,
             min(r.step) AS first_step,
             max(r.step) AS last_step,
             min(r.ts) AS first_ts,
             max(r.ts) AS last_ts,
             count(DISTINCT r.pid) AS tasks,
             count(*) FILTER (r.delta > 0) AS gets,
             count(*) FILTER (r.delta < 0) AS puts,
             coalesce(sum(r.delta), 0)::BIGINT AS net,
             coalesce(any_value(held.refs), 0) AS outstanding
      FROM ref r LEFT JOIN held USING (pfn)
      GROUP BY r.pfn
      ORDER BY r.pfn
      """;

  private PageView() {}
}
