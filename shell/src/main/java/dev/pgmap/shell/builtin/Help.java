package dev.pgmap.shell.builtin;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Registry;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code help}. */
@CommandLine.Command(
    name = "help",
    description = "List the commands, or show how one is used: help ndctl create-namespace.")
final class Help implements Command {
  private static final String SYNTAX =
      """
      A line is one or more commands:
        a; b            one after the other          a & (then b)    a as a job beside the console
        a && b, a || b  b if a went well, or failed  for v in 1 2; do echo $v; done
        'text' "text"   quotes                       $v $? $! $1 $@ $# $(command)
        a | b           b reads what a printed       { a; b; }       several as one command
        a > FILE        into a file of /sys, such as
                        echo dax0.0 > /sys/bus/dax/drivers/device_dax/unbind
      A script (pgmap run FILE) is a file of lines; # begins a comment. It ends at the first command
      that fails, unless the command
        - a             begins with a dash: its failure does not matter
        expect EBUSY a  is expected to fail with that errno (or exit code); fails if it does not
      Exit codes: 0 ok, 1 failed (the errno is in the message), 2 wrong usage, 3 bad machine or script
      file, 124 timeout, 130 interrupted.
      """;

  private final Console console;
  private final Registry registry;

  @Parameters(paramLabel = "COMMAND", arity = "0..2")
  private List<String> words = List.of();

  Help(Console console, Registry registry) {
    this.console = console;
    this.registry = registry;
  }

  @Override
  public int call() {
    if (words.isEmpty()) {
      overview();
    } else if (words.getFirst().equals("script")) {
      console.out().print(SYNTAX);
    } else {
      usage();
    }
    return Exit.OK;
  }

  private void overview() {
    for (String family : registry.families()) {
      console.out().println(family + ":");
      for (String name : registry.namesOf(family)) {
        console.out().println("  %-11s %s".formatted(name, summary(name)));
      }
    }
    console.out().println("help COMMAND tells more; help script tells how lines are written.");
  }

  private String summary(String name) {
    CommandLine line = Objects.requireNonNull(registry.make(name, console));
    String[] description = line.getCommandSpec().usageMessage().description();
    return description.length == 0 ? "" : description[0].replace("%%", "%");
  }

  private void usage() {
    CommandLine line = registry.make(words.getFirst(), console);
    if (line != null && words.size() == 2) {
      line = line.getSubcommands().get(words.get(1));
    }
    if (line == null) {
      throw CommandException.badValue(
          "command", String.join(" ", words), "a command that help lists");
    }
    line.usage(console.out());
  }
}
