package dev.pgmap.shell.trace;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.format.JsonText;
import dev.pgmap.shell.format.Seconds;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.tracecmd.SelectedSource;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.LedgerReport;
import dev.pgmap.trace.ledger.OutstandingGroup;
import dev.pgmap.trace.ledger.PageLedger;
import dev.pgmap.trace.ledger.pairing.Holding;
import dev.pgmap.trace.read.TraceFiles;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trace leaks}: who still holds pages at the end of a recording. */
@CommandLine.Command(
    name = "leaks",
    description = {
      "Find who still holds pages at the end of a recording, and puts that were too many.",
      "Works on val and ret of page_ref events; count is read later by the kernel and only a hint.",
      "Exit: 0 nothing outstanding, 1 something is, or a put went wrong, 2 bad arguments,",
      "3 the recording cannot be used."
    })
final class LeaksCommand implements Command {
  private final Console console;

  @Mixin private RecordingFile file = new RecordingFile();
  @Mixin private LedgerArguments arguments = new LedgerArguments();

  @Option(
      names = "--pfn",
      paramLabel = "FIRST-LAST",
      description = "Only pages of that range.",
      converter = PfnRange.Converter.class)
  private PfnRange pfns = PfnRange.ALL;

  @Option(names = "--by", paramLabel = "WHAT", description = "Group by stack, task or pfn.")
  private String by = "stack";

  @Option(
      names = "--min-age",
      paramLabel = "SECONDS",
      description = "Only what is held for so long; of a clock that counts, in its units.")
  private @Nullable String minAge;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  LeaksCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    PageLedger.Grouping grouping = grouping();
    try (TraceFiles.Opened opened = file.open()) {
      TraceSource source = SelectedSource.all(opened.source());
      long age = age(source.clock().isTime());
      PageLedger ledger =
          PageLedger.of(
              source, arguments.options(source.clock().isTime()).withPfns(pfns::contains));
      LedgerReport report = ledger.report(grouping, age);
      print(report);
      return report.hasFindings() ? Exit.FAILED : Exit.OK;
    }
  }

  private void print(LedgerReport report) {
    if (Group.wantsJson(console, json)) {
      console.out().println(JsonText.of(LeaksJson.of(report, report.groups())));
      return;
    }
    List<OutstandingGroup> held = report.of(Holding.USER);
    new LeaksText(report, held, console.out()).print();
  }

  private PageLedger.Grouping grouping() {
    return switch (by) {
      case "stack" -> PageLedger.Grouping.STACK;
      case "task" -> PageLedger.Grouping.TASK;
      case "pfn" -> PageLedger.Grouping.PFN;
      default -> throw CommandException.badValue("--by", by, "stack, task or pfn");
    };
  }

  private long age(boolean isTime) {
    String text = minAge;
    if (text == null) {
      return 0;
    }
    if (isTime) {
      return Seconds.toNanos(text);
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw CommandException.badValue("--min-age", text, "a number of the clock's units");
    }
    return Long.parseLong(text);
  }
}
