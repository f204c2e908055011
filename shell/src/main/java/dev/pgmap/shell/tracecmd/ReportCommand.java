package dev.pgmap.shell.tracecmd;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.trace.read.TraceFiles;
import dev.pgmap.trace.write.FtraceText;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trace-cmd report}. */
@CommandLine.Command(
    name = "report",
    description = "Print a recording; 'trace events' can choose from it.")
final class ReportCommand implements Command {
  private final Console console;

  @Parameters(paramLabel = "FILE", arity = "0..1", description = "Default: trace.dat.")
  private Path file = Path.of("trace.dat");

  @Option(names = "-i", paramLabel = "FILE", description = "The same.")
  void input(Path path) {
    file = path;
  }

  ReportCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    TraceFiles.Opened opened = TraceFiles.open(file);
    try (opened) {
      FtraceText.report().print(opened.source(), console.out());
    }
    return Exit.OK;
  }
}
