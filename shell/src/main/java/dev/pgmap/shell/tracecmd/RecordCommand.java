package dev.pgmap.shell.tracecmd;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Tuned;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.tracefs.TraceFs;
import dev.pgmap.trace.tracefs.TraceSetup;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code trace-cmd record}: traces while a command runs. */
@CommandLine.Command(
    name = "record",
    description = {
      "Run a command of the console, and write what it did to a trace.dat.",
      "What was traced before is reset, and everything is off again at the end."
    })
final class RecordCommand implements Command, Tuned {
  private final Console console;

  @Mixin private WhatToTrace what = new WhatToTrace();
  @Mixin private TraceOutput output = new TraceOutput();

  @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "With its arguments.")
  private List<String> command = List.of();

  RecordCommand(Console console) {
    this.console = console;
  }

  @Override
  public void tune(CommandLine line) {
    line.setStopAtPositional(true);
  }

  @Override
  public int call() {
    check();
    TraceSetup setup = what.setup();
    TraceFs files = console.session().lab().traceFs();
    files.reset();
    int status;
    try {
      setup.applyTo(files);
      status = console.run(command);
      files.write("tracing_on", "0", false);
      write(files);
    } finally {
      files.reset();
    }
    return status;
  }

  private void check() {
    if (command.isEmpty()) {
      throw CommandException.usage(
          "found no COMMAND, expected one: 'trace-cmd start' and 'extract' record several");
    }
    output.check();
  }

  private void write(TraceFs files) {
    try (TraceSource source = files.tracer().freeze("trace-cmd record")) {
      output.write(source, console.out());
    }
  }
}
