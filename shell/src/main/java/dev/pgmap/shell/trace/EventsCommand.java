package dev.pgmap.shell.trace;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.trace.read.TraceFiles;
import dev.pgmap.trace.write.FtraceText;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trace events}: a recording of any kind as text. */
@CommandLine.Command(
    name = "events",
    description = "Print a recording as the kernel or trace-cmd report would.")
final class EventsCommand implements Command {
  private final Console console;

  @Mixin private RecordingFile file = new RecordingFile();
  @Mixin private EventChoice choice = new EventChoice();

  @Option(names = "--report", description = "As trace-cmd report prints them.")
  private boolean report;

  EventsCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    TraceFiles.Opened opened = file.open();
    try (opened) {
      FtraceText text = report ? FtraceText.report() : FtraceText.kernel();
      text.print(choice.of(opened.source()), console.out());
    }
    return Exit.OK;
  }
}
