package dev.pgmap.shell.zdtool;

import dev.pgmap.api.MmException;
import dev.pgmap.core.fs.OpenFile;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.mm.Task;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.format.Sizes;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.CommandInterrupted;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Progress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** What the verbs share: a mapping of a file, touched, and lines with time stamps. */
abstract class Verb implements Command {
  private static final long PAGE_BYTES = 4096;

  private final Console console;
  private @Nullable OpenFile open;

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "A device such as /dev/dax0.0, or a file of a mounted file system.")
  private String file = "";

  @Parameters(index = "1", paramLabel = "LEN", description = "How much to map, such as 4M.")
  private String length = "";

  Verb(Console console) {
    this.console = console;
  }

  @Override
  public final int call() {
    checkArguments();
    return console.runAsTask("zdtool", this::runAndClose);
  }

  private int runAndClose(Task task) {
    try {
      return run(task);
    } finally {
      OpenFile file = open;
      if (file != null) {
        file.close();
      }
    }
  }

  /** Reads arguments of the verb's own, before anything is done. */
  void checkArguments() {
    bytes();
  }

  abstract int run(Task task);

  final Console console() {
    return console;
  }

  final Machine machine() {
    return console.machine();
  }

  final long bytes() {
    long bytes = Sizes.parse("LEN", length);
    if (bytes == 0) {
      throw CommandException.badValue("LEN", length, "a size above zero");
    }
    return bytes;
  }

  /** Maps the device, or the file, which is made and given blocks first ({@code MAP_SYNC}). */
  final long map(Task task) {
    OpenFile opened = machine().files().open(console.resolve(file), true);
    open = opened;
    if (opened.file() == null) {
      return task.mm().mmap(opened.space(), bytes(), 0, true, true);
    }
    opened.file().fallocate(0, bytes(), false);
    return task.mm().mmapSync(opened.space(), bytes(), 0);
  }

  final void touch(Task task, long address) {
    try (Progress progress = console.progress("touching pages", bytes() / PAGE_BYTES)) {
      task.mm()
          .touch(
              address,
              bytes(),
              (byte) 1,
              done -> {
                Console.checkInterrupted();
                progress.report(done);
              });
    }
  }

  /** Prints a line with the time since boot. */
  final void say(String format, Object... args) {
    double seconds = machine().sync().clock().nanos() / 1e9;
    console.out().println(String.format(Locale.ROOT, "[%.6f] ", seconds) + format.formatted(args));
    console.out().flush();
  }

  /** Prints where an address leads. */
  final void sayPage(Task task, String label, long address) {
    say("%s %s", label, new PageProbe(machine()).describe(task.mm(), address));
  }

  /** Sleeps; an interruption only ends the sleep, as SIGTERM does. */
  final void hold(long nanos) {
    try {
      console.sleep(nanos);
    } catch (CommandInterrupted e) {
      // What is held is given back in the ordinary way.
    }
  }

  /** How the tool prints what a call returned: {@code 0 } or {@code -1 Invalid argument}. */
  static String outcome(MmException e) {
    return "-1 " + e.errno().text();
  }
}
