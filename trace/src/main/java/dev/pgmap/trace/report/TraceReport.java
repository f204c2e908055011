package dev.pgmap.trace.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.LedgerOptions;
import dev.pgmap.trace.ledger.LedgerReport;
import dev.pgmap.trace.ledger.PageLedger;
import dev.pgmap.trace.refs.PageRefDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A recording as one HTML page, which needs no other file and no network: a summary, outstanding
 * references by the acquirer's stack, the count of pages over time, lanes of tasks.
 *
 * <p>Immutable; the source may be closed once the report is made.
 */
public final class TraceReport {
  private final String title;
  private final ObjectNode figures;

  private TraceReport(String title, ObjectNode figures) {
    this.title = title;
    this.figures = figures;
  }

  /** A report of all pages of a source, with the standard limits. */
  public static TraceReport of(TraceSource source) {
    return of(source, LedgerOptions.standard(), ReportLimits.STANDARD);
  }

  /**
   * A report of a source, which is read four times.
   *
   * @throws TraceException if it is damaged, or several of its buffers change page counts and the
   *     options choose none
   */
  public static TraceReport of(TraceSource source, LedgerOptions options, ReportLimits limits) {
    Census census = Census.of(source);
    ReportJson json = new ReportJson(source, limits, census);
    LeftOut leftOut = new LeftOut(limits);
    leftOut.kinds(census.kinds().size());
    if (hasChanges(source, census)) {
      addPages(source, options, limits, json, leftOut);
    }
    Lanes lanes = Lanes.of(source, census.busiest(limits.tasks()), limits.marks());
    json.lanes(lanes);
    leftOut.tasks(census.nrTasks()).lanes(lanes.all());
    json.leftOut(leftOut.sentences());
    return new TraceReport(source.name(), json.done());
  }

  private static boolean hasChanges(TraceSource source, Census census) {
    PageRefDecoder decoder = new PageRefDecoder(source.events());
    return source.events().all().stream()
        .anyMatch(
            format -> decoder.decodes(format) && census.kinds().containsKey(format.fullName()));
  }

  private static void addPages(
      TraceSource source,
      LedgerOptions options,
      ReportLimits limits,
      ReportJson json,
      LeftOut leftOut) {
    PageCounts counts = new PageCounts();
    LedgerReport report = PageLedger.of(source, options, counts).report();
    List<Long> pfns = PageChoice.of(report, counts.busiest(limits.pages()), limits.pages());
    Timelines timelines = Timelines.of(source, options, pfns, limits.points());
    json.ledger(report);
    json.timelines(timelines);
    leftOut.groups(report).pages(timelines, report.summary().pages());
  }

  /** The page. */
  public String html() {
    return HtmlPage.of(title, figures);
  }

  /**
   * Writes the page; the file appears when it is whole.
   *
   * @throws TraceException if the file cannot be written
   */
  public void write(Path file) {
    Path target = file.toAbsolutePath();
    Path draft = target.resolveSibling(target.getFileName() + ".part");
    try {
      Files.writeString(draft, html());
      Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      delete(draft);
      throw new TraceException(file.toString(), e.toString(), "a file that can be written", "");
    }
  }

  private static void delete(Path draft) {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
