package dev.pgmap.shell.tracecmd;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.trace.event.TraceSource;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** {@code trace-cmd extract}. */
@CommandLine.Command(
    name = "extract",
    description = "Move what was recorded since start from the rings to a trace.dat.")
final class ExtractCommand implements Command {
  private final Console console;

  @Mixin private TraceOutput output = new TraceOutput();

  ExtractCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    output.check();
    try (TraceSource source =
        console.session().lab().tracer().consume("trace-cmd extract", cpu -> true)) {
      output.write(source, console.out());
    }
    return Exit.OK;
  }
}
