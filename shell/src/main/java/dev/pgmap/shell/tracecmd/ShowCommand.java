package dev.pgmap.shell.tracecmd;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.BrokenPipe;
import dev.pgmap.shell.session.CommandInterrupted;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.trace.tracefs.TraceFs;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code trace-cmd show}. */
@CommandLine.Command(name = "show", description = "Print what the rings hold.")
final class ShowCommand implements Command {
  private static final long POLL_MILLIS = 100;

  private final Console console;

  @Option(names = "-p", description = "Print trace_pipe, and what comes, until interrupted.")
  private boolean pipe;

  @Option(names = "-s", description = "Print the snapshot.")
  private boolean snapshot;

  @Option(names = "-c", paramLabel = "CPU", description = "Of one cpu only.")
  private int cpu = -1;

  ShowCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    TraceFs files = console.session().lab().traceFs();
    String directory = cpu < 0 ? "" : "per_cpu/cpu" + cpu + "/";
    if (pipe) {
      follow(files, directory + "trace_pipe");
    } else {
      console.out().print(files.read(directory + (snapshot ? "snapshot" : "trace")));
    }
    return Exit.OK;
  }

  /** Of the host's time: whoever watches is no part of the machine. */
  private void follow(TraceFs files, String path) {
    while (true) {
      console.out().print(files.read(path));
      if (console.out().checkError()) {
        throw new BrokenPipe();
      }
      try {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        throw new CommandInterrupted();
      }
    }
  }
}
