package dev.pgmap.shell.tracecmd;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code trace-cmd list}. */
@CommandLine.Command(name = "list", description = "List what can be traced.")
final class ListCommand implements Command {
  private final Console console;

  @Option(names = "-e", description = "Events.")
  private boolean events;

  @Option(names = "-f", description = "Functions.")
  private boolean functions;

  @Option(
      names = {"-p", "-t"},
      description = "Tracers.")
  private boolean tracers;

  @Option(names = "-C", description = "Clocks.")
  private boolean clocks;

  @Option(names = "-o", description = "Options.")
  private boolean options;

  ListCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    if (!events && !functions && !tracers && !clocks && !options) {
      throw CommandException.usage("found no option, expected -e, -f, -p, -C or -o");
    }
    print(events, "available_events");
    print(functions, "available_filter_functions");
    print(tracers, "available_tracers");
    print(clocks, "trace_clock");
    print(options, "trace_options");
    return Exit.OK;
  }

  private void print(boolean wanted, String file) {
    if (wanted) {
      console.out().print(console.session().lab().traceFs().read(file));
    }
  }
}
