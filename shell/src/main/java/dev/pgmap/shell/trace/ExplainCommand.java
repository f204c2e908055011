package dev.pgmap.shell.trace;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.format.Numbers;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.tracecmd.SelectedSource;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.story.PageStory;
import dev.pgmap.trace.read.TraceFiles;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code trace explain}: one page's story. */
@CommandLine.Command(
    name = "explain",
    description = {
      "Tell one page's story in plain words: each change of its count, who did it and where,",
      "what it did to the ledger, and what is outstanding after it."
    })
final class ExplainCommand implements Command {
  private final Console console;

  @Mixin private RecordingFile file = new RecordingFile();
  @Mixin private LedgerArguments arguments = new LedgerArguments();

  @Parameters(index = "1", paramLabel = "PFN", description = "The page, such as 0x70200.")
  private String pfn = "";

  ExplainCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    long page = Numbers.parse("PFN", pfn, 0, Long.MAX_VALUE);
    try (TraceFiles.Opened opened = file.open()) {
      TraceSource source = SelectedSource.all(opened.source());
      PageStory story = PageStory.of(source, arguments.options(source.clock().isTime()), page);
      new StoryText(story, source, console.out()).print();
    }
    return Exit.OK;
  }
}
