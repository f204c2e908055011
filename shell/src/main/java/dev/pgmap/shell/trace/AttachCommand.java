package dev.pgmap.shell.trace;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.format.Seconds;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.tracecmd.TraceOutput;
import dev.pgmap.shell.tracecmd.WhatToTrace;
import dev.pgmap.trace.attach.Attach;
import dev.pgmap.trace.attach.AttachReply;
import dev.pgmap.trace.tracefs.TraceSetup;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trace attach}: records another process. */
@CommandLine.Command(
    name = "attach",
    description = {
      "Record a pgmap that runs already, in another process, into a trace.dat:",
      "until Ctrl-C, until --seconds are over, or until its machine ends."
    })
final class AttachCommand implements Command {
  private final Console console;

  @Mixin private WhatToTrace what = new WhatToTrace();
  @Mixin private TraceOutput output = new TraceOutput();

  @Parameters(paramLabel = "PID", description = "The process, as ps or jps of the host show it.")
  private long pid;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Of the host's time, not the machine's.")
  private String seconds = "";

  AttachCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    output.check();
    TraceSetup setup = what.setup();
    double limit = seconds.isEmpty() ? Double.MAX_VALUE : Seconds.toNanos(seconds) / 1e9;
    AttachReply reply =
        new Attach(pid)
            .record(setup, limit, output.file(), output.isVersion7(), this::sayHowToStop);
    console
        .out()
        .println(
            "%s: %d events, %d cpus, %d bytes"
                .formatted(output.file(), reply.nrEvents(), reply.nrCpus(), reply.bytes()));
    return Exit.OK;
  }

  private void sayHowToStop() {
    if (seconds.isEmpty()) {
      console.out().println("Hit Ctrl^C to stop recording");
      console.out().flush();
    }
  }
}
