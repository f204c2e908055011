package dev.pgmap.shell.tracecmd;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.trace.tracefs.TraceFs;
import dev.pgmap.trace.tracefs.TraceSetup;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** {@code trace-cmd start}. */
@CommandLine.Command(
    name = "start",
    description = "Begin to record; show or extract what was recorded, stop and reset it.")
final class StartCommand implements Command {
  private final Console console;

  @Mixin private WhatToTrace what = new WhatToTrace();

  StartCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    TraceSetup setup = what.setup();
    TraceFs files = console.session().lab().traceFs();
    setup.applyTo(files);
    files.write("tracing_on", "1", false);
    return Exit.OK;
  }
}
