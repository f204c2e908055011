package dev.pgmap.shell.files;

import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.log.KernelLog.Level;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code dmesg}. */
@CommandLine.Command(name = "dmesg", description = "Print the kernel log.")
public final class Dmesg implements Command {
  private static final Map<String, Level> LEVELS =
      Map.of("info", Level.INFO, "warn", Level.WARN, "err", Level.BUG, "bug", Level.BUG);

  private final Console console;

  @Option(
      names = {"-c", "--read-clear"},
      description = "Clear the log after printing it.")
  private boolean readClear;

  @Option(
      names = {"-C", "--clear"},
      description = "Clear the log without printing it.")
  private boolean clear;

  @Option(
      names = {"-l", "--level"},
      paramLabel = "LEVEL",
      description = "Only messages at least that grave: info, warn, err.")
  private String level = "info";

  /** On that console. */
  public Dmesg(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    Level least = LEVELS.get(level.toLowerCase(Locale.ROOT));
    if (least == null) {
      throw CommandException.badValue("--level", level, "info, warn or err");
    }
    KernelLog log = console.machine().log();
    if (!clear) {
      if (log.nrDropped() > 0) {
        console.out().printf("(%d older messages are lost)%n", log.nrDropped());
      }
      log.entries().stream()
          .filter(entry -> entry.level().compareTo(least) >= 0)
          .forEach(console.out()::println);
    }
    if (clear || readClear) {
      log.clear();
    }
    return Exit.OK;
  }
}
