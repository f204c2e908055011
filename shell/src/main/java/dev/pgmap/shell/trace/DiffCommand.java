package dev.pgmap.shell.trace;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.tracecmd.SelectedSource;
import dev.pgmap.trace.diff.TraceDiff;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.LedgerOptions;
import dev.pgmap.trace.read.TraceFiles;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trace diff}: what one run did and the other did not. */
@CommandLine.Command(
    name = "diff",
    description = {
      "Tell what one recording did and the other did not: events, calls, changes of counts by",
      "stack, what is outstanding, and what happened to each page. Pages are matched by what",
      "happened to them; pfns, times and tasks do not count.",
      "Exit: 0 no difference, 1 some, 2 bad arguments, 3 a recording cannot be used."
    })
final class DiffCommand implements Command {
  private final Console console;

  @Mixin private LedgerArguments arguments = new LedgerArguments();

  @Parameters(index = "0", paramLabel = "A", description = "The first recording.")
  private Path first = Path.of("");

  @Parameters(index = "1", paramLabel = "B", description = "The second.")
  private Path second = Path.of("");

  @Option(
      names = "--pfn",
      paramLabel = "FIRST-LAST",
      description = "Only pages of that range, in both.",
      converter = PfnRange.Converter.class)
  private PfnRange pfns = PfnRange.ALL;

  @Option(
      names = "--pattern",
      paramLabel = "REGEX",
      description = "For logs: what a line looks like that is an event; as of trace leaks.")
  private @Nullable String pattern;

  @Option(names = "--all", description = "All differences; else the largest of each kind.")
  private boolean all;

  DiffCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    try (TraceFiles.Opened a = RecordingFile.open(first, pattern);
        TraceFiles.Opened b = RecordingFile.open(second, pattern)) {
      TraceSource sourceA = SelectedSource.all(a.source());
      TraceSource sourceB = SelectedSource.all(b.source());
      LedgerOptions options = arguments.options(sourceA.clock().isTime()).withPfns(pfns::contains);
      TraceDiff diff = TraceDiff.of(sourceA, sourceB, options);
      new DiffText(diff, all, console.out()).print();
      return diff.hasDifferences() ? Exit.FAILED : Exit.OK;
    }
  }
}
