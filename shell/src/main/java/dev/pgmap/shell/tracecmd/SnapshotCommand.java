package dev.pgmap.shell.tracecmd;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.trace.tracefs.TraceFs;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code trace-cmd snapshot}. */
@CommandLine.Command(name = "snapshot", description = "Print the snapshot, or take one.")
final class SnapshotCommand implements Command {
  private static final String FILE = "snapshot";

  private final Console console;

  @Option(names = "-s", description = "Take one.")
  private boolean take;

  @Option(names = "-r", description = "Empty it.")
  private boolean empty;

  @Option(names = "-f", description = "Give it up.")
  private boolean free;

  SnapshotCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    TraceFs files = console.session().lab().traceFs();
    if (take) {
      files.write(FILE, "1", false);
    } else if (empty) {
      files.write(FILE, "2", false);
    } else if (free) {
      files.write(FILE, "0", false);
    } else {
      console.out().print(files.read(FILE));
    }
    return Exit.OK;
  }
}
