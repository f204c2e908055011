package dev.pgmap.shell.zdtool;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.FsFile;
import dev.pgmap.core.fs.OpenFile;
import dev.pgmap.core.sync.Clock;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.Locale;
import picocli.CommandLine.Parameters;

/** What the verbs share that give blocks of a file back, and tell how long they waited. */
abstract class FileVerb implements Command {
  private final Console console;
  private final String name;

  @Parameters(index = "0", paramLabel = "FILE", description = "A file of a mounted file system.")
  private String file = "";

  FileVerb(Console console, String name) {
    this.console = console;
    this.name = name;
  }

  @Override
  public final int call() {
    checkArguments();
    return console.runAsTask("zdtool", task -> run());
  }

  /** Reads the arguments, before anything is done. */
  abstract void checkArguments();

  /** Gives the blocks back. */
  abstract void change(FsFile opened);

  private int run() {
    try (OpenFile opened = console.machine().files().open(console.resolve(file), false)) {
      FsFile regular = opened.file();
      if (regular == null) {
        throw new MmException(
            Errno.EINVAL, file, "a device", "a file of a mounted file system", "see mount");
      }
      say(name + " start");
      Clock clock = console.machine().sync().clock();
      long before = clock.nanos();
      String outcome = outcomeOf(regular);
      double waited = (clock.nanos() - before) / 1e9;
      say(String.format(Locale.ROOT, "%s=%s waited_s=%.3f", name, outcome, waited));
    }
    return Exit.OK;
  }

  private String outcomeOf(FsFile regular) {
    try {
      change(regular);
      return "0 ";
    } catch (MmException e) {
      console.err().println("zdtool: " + e.getMessage());
      return Verb.outcome(e);
    }
  }

  private void say(String text) {
    double seconds = console.machine().sync().clock().nanos() / 1e9;
    console.out().println(String.format(Locale.ROOT, "[%.6f] %s", seconds, text));
    console.out().flush();
  }
}
