package dev.pgmap.shell.trace;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.tracecmd.SelectedSource;
import dev.pgmap.trace.ledger.LedgerOptions;
import dev.pgmap.trace.read.TraceFiles;
import dev.pgmap.trace.report.ReportLimits;
import dev.pgmap.trace.report.TraceReport;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trace report --html}: a recording as one HTML page. */
@CommandLine.Command(
    name = "report",
    description = {
      "Write a recording as one HTML page that needs no other file and no network: what is",
      "outstanding by the acquirer's stack, counts of pages over time, lanes of tasks."
    })
final class ReportCommand implements Command {
  private final Console console;

  @Mixin private RecordingFile file = new RecordingFile();
  @Mixin private LedgerArguments arguments = new LedgerArguments();

  @Option(names = "--html", paramLabel = "OUT", description = "The page to write.")
  private @Nullable Path html;

  ReportCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    Path out = html;
    if (out == null) {
      throw CommandException.usage("found no --html OUT, expected the page to write");
    }
    try (TraceFiles.Opened opened = file.open()) {
      SelectedSource source = SelectedSource.all(opened.source());
      LedgerOptions options = arguments.options(source.clock().isTime());
      TraceReport.of(source, options, ReportLimits.STANDARD).write(out);
    }
    console.out().println(out);
    return Exit.OK;
  }
}
