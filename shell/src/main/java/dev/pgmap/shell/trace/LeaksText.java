package dev.pgmap.shell.trace;

import dev.pgmap.trace.ledger.Anomaly;
import dev.pgmap.trace.ledger.Certainty;
import dev.pgmap.trace.ledger.HoldKind;
import dev.pgmap.trace.ledger.LedgerReport;
import dev.pgmap.trace.ledger.OutstandingGroup;
import dev.pgmap.trace.ledger.TaskShare;
import dev.pgmap.trace.ledger.TraceSummary;
import dev.pgmap.trace.ledger.Wait;
import dev.pgmap.trace.ledger.pairing.Holding;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A ledger's report for a person: the verdict first, then one block per culprit. */
final class LeaksText {
  private static final int MAX_RANGES = 8;
  private static final String LABEL = "  %-10s%s\n";

  private final LedgerReport report;
  private final List<OutstandingGroup> held;
  private final Stamps stamps;
  private final PrintWriter out;

  /**
   * Prints a report.
   *
   * @param held what users hold of it, as far as it is asked for
   */
  LeaksText(LedgerReport report, List<OutstandingGroup> held, PrintWriter out) {
    this.report = report;
    this.held = held;
    this.out = out;
    this.stamps = new Stamps(report.summary().clock());
  }

  void print() {
    verdict();
    int number = 0;
    for (OutstandingGroup group : held) {
      out.println();
      group(++number, group);
    }
    for (Anomaly anomaly : report.anomalies()) {
      out.println();
      anomaly(anomaly);
    }
    waits();
    others();
    notes();
  }

  private void verdict() {
    TraceSummary summary = report.summary();
    long errors = report.anomalies().stream().filter(one -> one.kind().isError()).count();
    if (held.isEmpty() && errors == 0) {
      out.println("nothing outstanding");
    } else {
      out.println(
          held.isEmpty()
              ? "nothing outstanding, but puts went wrong"
              : "outstanding: %s".formatted(total()));
    }
    out.printf(
        "%d changes of %s in %s, from %s to %s%n",
        summary.changes(),
        LeakWords.pages(summary.pages()),
        summary.source(),
        stamps.at(summary.first()),
        stamps.at(summary.last()));
  }

  private String total() {
    long pins = sum(true);
    long references = sum(false);
    List<String> parts = new ArrayList<>();
    if (pins > 0) {
      parts.add(LeakWords.amount(pins, HoldKind.PIN));
    }
    if (references > 0) {
      parts.add(LeakWords.amount(references, HoldKind.REFERENCE));
    }
    String stacks = held.size() == 1 ? "1 place" : held.size() + " places";
    return "%s, acquired in %s".formatted(String.join(" and ", parts), stacks);
  }

  private long sum(boolean pins) {
    return held.stream()
        .filter(group -> (group.kind() == HoldKind.PIN) == pins)
        .mapToLong(OutstandingGroup::amount)
        .sum();
  }

  private void group(int number, OutstandingGroup group) {
    out.printf(
        "#%d  %s on %s%s%n",
        number,
        LeakWords.amount(group.amount(), group.kind()),
        LeakWords.pages(group.nrPages()),
        folio(group));
    out.printf(LABEL, "pfn", group.pfns().text(MAX_RANGES));
    out.printf(LABEL, "held by", LeakWords.tasks(group.tasks()));
    out.printf(LABEL, "since", since(group));
    out.printf(LABEL, "certainty", certainty(group));
    if (group.kind() == HoldKind.PIN && group.refs() < group.amount() * HoldKind.PIN_BIAS) {
      out.printf(
          LABEL,
          "damaged",
          "plain puts took %d of the count"
              .formatted(group.amount() * HoldKind.PIN_BIAS - group.refs()));
    }
    for (Wait wait : report.waits()) {
      boolean during = wait.what() == Wait.What.WAITING || wait.since() >= group.oldest();
      if (during && wait.concerns(group.pfns())) {
        out.printf(LABEL, wait.what() == Wait.What.WAITING ? "blocks" : "but", describe(wait));
      }
    }
    stack("taken in", group.stack(), group.stackIsHint());
  }

  private static String folio(OutstandingGroup group) {
    if (group.kind() != HoldKind.FOLIO_REFERENCE) {
      return "";
    }
    boolean pins = group.stack().stream().anyMatch(name -> name.startsWith("pin_user_pages"));
    return pins
        ? " (large folio; taken by pin_user_pages, so pins)"
        : " (large folio: a pin shows as a reference)";
  }

  private String since(OutstandingGroup group) {
    long end = report.summary().last();
    String oldest =
        "%s, for %s".formatted(stamps.at(group.oldest()), stamps.span(end - group.oldest()));
    return group.newest() == group.oldest()
        ? oldest
        : "%s; none after %s".formatted(oldest, stamps.at(group.newest()));
  }

  private static String certainty(OutstandingGroup group) {
    if (group.byCertainty().size() == 1) {
      return group.certainty().text();
    }
    List<String> parts = new ArrayList<>();
    for (Certainty certainty : Certainty.values()) {
      Long amount = group.byCertainty().get(certainty);
      if (amount != null) {
        parts.add("%d %s".formatted(amount, certainty.text()));
      }
    }
    return String.join(", ", parts);
  }

  private void anomaly(Anomaly anomaly) {
    out.printf(
        "%s  %s, %s on %s%n",
        anomaly.kind().isError() ? "!" : "?",
        anomaly.kind().text(),
        anomaly.times() == 1 ? "once" : anomaly.times() + " times",
        LeakWords.pages(anomaly.pfns().nrPages()));
    out.printf(LABEL, "pfn", anomaly.pfns().text(MAX_RANGES));
    out.printf(LABEL, "by", LeakWords.tasks(anomaly.tasks()));
    out.printf(LABEL, "at", stamps.at(anomaly.first()));
    out.printf(LABEL, "certainty", anomaly.certainty().text());
    stack("in", anomaly.stack(), anomaly.stackIsHint());
    if (!anomaly.previousTasks().isEmpty()) {
      out.printf(LABEL, "last put", LeakWords.tasks(anomaly.previousTasks()));
      stack("in", anomaly.previousStack(), anomaly.previousStackIsHint());
    }
  }

  private void stack(String label, List<String> functions, boolean hint) {
    if (functions.isEmpty()) {
      out.printf(LABEL, label, "no stack recorded");
      return;
    }
    String note = hint ? "   (called last by the task: there is no stack)" : "";
    out.printf(LABEL, label, functions.getFirst() + note);
    functions.stream().skip(1).forEach(function -> out.printf(LABEL, "", function));
  }

  /** Waits that no block above shows. */
  private void waits() {
    List<Wait> waiting =
        report.waits().stream().filter(wait -> wait.what() == Wait.What.WAITING).toList();
    if (held.isEmpty() && !waiting.isEmpty()) {
      out.println();
      waiting.forEach(wait -> out.println("waiting: " + describe(wait)));
    }
  }

  private String describe(Wait wait) {
    TaskShare task = wait.task();
    String who = task == null ? "somebody" : task.name();
    String detail = wait.detail().isEmpty() ? "" : " (" + wait.detail() + ")";
    long span = report.summary().last() - wait.since();
    return wait.what() == Wait.What.WAITING
        ? "%s waits in %s%s since %s, for %s"
            .formatted(who, wait.by(), detail, stamps.at(wait.since()), stamps.span(span))
        : "%s took the struct pages away in %s%s at %s"
            .formatted(who, wait.by(), detail, stamps.at(wait.since()));
  }

  private void others() {
    List<String> lines = new ArrayList<>();
    other(lines, Holding.MAPPING, "mapped into page tables");
    other(lines, Holding.CACHE, "in a page cache");
    other(lines, Holding.ENGINE, "the memory owner's own (base references)");
    if (report.before().size() > 0) {
      lines.add(
          "  %d on %s held from before the recording"
              .formatted(report.heldBefore(), LeakWords.pages(report.before().nrPages())));
    }
    if (!lines.isEmpty()) {
      out.println();
      out.println("not counted as leaks:");
      lines.forEach(out::println);
    }
  }

  private void other(List<String> lines, Holding holding, String words) {
    List<OutstandingGroup> groups = report.of(holding);
    if (!groups.isEmpty()) {
      long amount = groups.stream().mapToLong(OutstandingGroup::amount).sum();
      String pfns =
          groups.stream()
              .limit(2)
              .map(group -> group.pfns().text(MAX_RANGES / 2))
              .collect(Collectors.joining(", "));
      lines.add("  %d %s: %s".formatted(amount, words, pfns));
    }
  }

  private void notes() {
    TraceSummary summary = report.summary();
    List<String> notes = new ArrayList<>();
    if (summary.gaps() > 0) {
      notes.add(
          "events were lost %d times (%d counted): what was held across a gap may be released"
              .formatted(summary.gaps(), summary.lost()));
    }
    if (summary.moved() > 0) {
      notes.add(
          "%d changes were moved so that the results fit: stamps of cpus overlap"
              .formatted(summary.moved()));
    }
    if (!summary.stacks() && summary.changes() > 0) {
      notes.add("no stacks in the recording; 'trace recipe' tells how to record them");
    }
    if (!notes.isEmpty()) {
      out.println();
      notes.forEach(note -> out.println("note: " + note));
    }
  }
}
