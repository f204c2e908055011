package dev.pgmap.shell.conformance;

import dev.pgmap.shell.conformance.Row.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What came of recordings, as a page of documentation. */
final class MarkdownReport {
  private static final String HEAD =
      """
      # Conformance

      Made by `./pgmap conformance --markdown docs/conformance.md`; do not edit.

      Each row is a recording of a real kernel that was driving real device memory. Its machine is
      built again here, its own command line is run in the console under that kernel's era, and two
      things are compared: the sequence of page_ref events of every page that was traced, and what
      was printed (errors, exit codes, signals, whether a command waited for the holder of a page,
      who oopsed). Times, virtual addresses, uuids, pids and the wording of error messages are not
      compared. A late put on removed pages oopses on a real kernel; its counterpart here is the
      message `BUG: use of a removed struct page`.

      The recordings are of kernels 5.10.223, 6.1.192, 6.12.117 and 7.2.13 (Debian sources), built
      with CONFIG_DEBUG_PAGE_REF and booted under qemu with one cpu. Events are those of page_ref in
      the traced pages; 0 is a recording, too: nothing may happen to any of these pages.

      Files of ext4 and xfs lie in other blocks here, those of our own file system. Where a command
      works on files (`/mnt/...`), the numbers of pages are therefore not compared: the same
      sequences have to happen to as many pages.

      """;

  private MarkdownReport() {}

  static String of(List<Row> rows) {
    StringBuilder page = new StringBuilder(HEAD);
    page.append(Reports.counts(rows)).append(".\n\n");
    appendSummary(page, rows);
    appendDifferences(page, rows);
    bySeries(rows).forEach((series, part) -> appendSeries(page, series, part));
    return page.toString();
  }

  private static Map<String, List<Row>> bySeries(List<Row> rows) {
    return rows.stream()
        .collect(
            Collectors.groupingBy(
                row -> row.recording().series(), LinkedHashMap::new, Collectors.toList()));
  }

  private static void appendSummary(StringBuilder page, List<Row> rows) {
    page.append(
        "| kernel | recordings | events | match | differ, explained | not run | differ |\n");
    page.append("|---|--:|--:|--:|--:|--:|--:|\n");
    bySeries(rows)
        .forEach((series, part) ->
            page.append(
                "| %s | %d | %d | %d | %d | %d | %d |\n"
                    .formatted(
                        series,
                        part.size(),
                        part.stream().mapToLong(Row::nrEvents).sum(),
                        part.stream().filter(row -> row.verdict().isMatch()).count(),
                        part.stream().filter(row -> row.verdict() == Verdict.EXPLAINED).count(),
                        part.stream().filter(row -> row.verdict() == Verdict.NOT_RUN).count(),
                        part.stream().filter(row -> row.verdict().isFailure()).count())));
    page.append('\n');
  }

  private static void appendDifferences(StringBuilder page, List<Row> rows) {
    List<Row> different =
        rows.stream()
            .filter(row -> !row.explanation().isEmpty() || row.verdict().isFailure())
            .toList();
    if (!different.isEmpty()) {
      page.append("## Differences\n\n");
      different.forEach(row ->
          page.append(
              "- **%s**: %s. %s\n"
                  .formatted(row.recording().name(), code(row.difference()), row.explanation())));
      page.append('\n');
    }
    Map<String, Long> notRun =
        rows.stream()
            .filter(row -> row.verdict() == Verdict.NOT_RUN)
            .collect(Collectors.groupingBy(Row::difference, TreeMap::new, Collectors.counting()));
    if (!notRun.isEmpty()) {
      page.append("Not run:\n\n");
      notRun.forEach((why, count) -> page.append("- %d: %s\n".formatted(count, why)));
      page.append('\n');
    }
  }

  private static void appendSeries(StringBuilder page, String series, List<Row> rows) {
    page.append("## ").append(series).append("\n\n");
    page.append("| recording | events | result |\n|---|--:|---|\n");
    for (Row row : rows) {
      String result = row.verdict().text();
      if (row.verdict() == Verdict.NOT_RUN) {
        result += ": " + row.difference();
      } else if (row.verdict().isFailure()) {
        result += ": " + code(row.difference());
      }
      page.append(
          "| %s | %d | %s |\n".formatted(row.recording().scenario(), row.nrEvents(), result));
    }
    page.append('\n');
  }

  private static String code(String text) {
    return "`" + text.replace("`", "'").replace("|", "\\|") + "`";
  }
}
