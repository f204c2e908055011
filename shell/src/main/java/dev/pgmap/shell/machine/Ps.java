package dev.pgmap.shell.machine;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.format.Sizes;
import dev.pgmap.shell.format.Table;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;

/** {@code ps}: the tasks. */
@CommandLine.Command(name = "ps", description = "List the tasks, with what they have mapped.")
public final class Ps implements Command {
  private final Console console;

  /** On that console. */
  public Ps(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    Table table = new Table("PID", "COMMAND", "MAPPED");
    console
        .session()
        .tasks()
        .all()
        .forEach(task -> {
          long bytes = task.mm().vmas().stream().mapToLong(vma -> vma.end() - vma.start()).sum();
          table.row(task.pid(), task.comm(), Sizes.brief(bytes));
        });
    table.lines().forEach(console.out()::println);
    return Exit.OK;
  }
}
