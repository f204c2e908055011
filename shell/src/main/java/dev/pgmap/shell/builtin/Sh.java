package dev.pgmap.shell.builtin;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Interpreter;
import dev.pgmap.shell.command.Tuned;
import dev.pgmap.shell.line.Parser;
import dev.pgmap.shell.line.Statement;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sh -c}: a line of commands as one command, with variables of its own. */
@CommandLine.Command(name = "sh", description = "Run a line of commands: sh -c 'a; b & wait'.")
final class Sh implements Command, Tuned {
  private static final String LEVEL = "SHLVL";
  private static final int MAX_LEVEL = 50;

  private final Console console;

  @Option(names = "-c", paramLabel = "LINE", required = true, description = "The commands.")
  private String line = "";

  @Parameters(
      paramLabel = "WORD",
      arity = "0..*",
      description = "$0, which is not kept, and then $1 and so on.")
  private List<String> words = List.of();

  Sh(Console console) {
    this.console = console;
  }

  @Override
  public void tune(CommandLine commandLine) {
    commandLine.setStopAtPositional(true);
  }

  @Override
  public int call() {
    List<Statement> statements = Parser.parse(line, 1);
    Console inner = console.withOut(console.out());
    inner.setVariable(LEVEL, Integer.toString(nextLevel()));
    inner.setArguments(words.isEmpty() ? words : words.subList(1, words.size()));
    int pid = console.machine().mmContext().pids().getAsInt();
    int status =
        console
            .session()
            .lab()
            .processes()
            .run(pid, "sh -c " + line, () -> new Interpreter(false).run(inner, statements));
    console.ended(status, inner.errno());
    return status;
  }

  private int nextLevel() {
    String level = console.variable(LEVEL);
    int next = level.matches("[0-9]{1,3}") ? Integer.parseInt(level) + 1 : 1;
    if (next > MAX_LEVEL) {
      throw CommandException.usage("found %d shells in each other, expected at most 50", next);
    }
    return next;
  }
}
