package dev.pgmap.shell.machine;

import dev.pgmap.core.mm.Task;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.format.Sizes;
import dev.pgmap.shell.format.Table;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.session.Lab;
import java.util.TreeMap;
import picocli.CommandLine;

/** {@code ps}: the tasks. */
@CommandLine.Command(
    name = "ps",
    description = "List the tasks, with what they have mapped, and the shells and jobs.")
public final class Ps implements Command {
  private final Console console;

  /** On that console. */
  public Ps(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    Lab lab = console.session().lab();
    Table table = new Table("PID", "MAPPED", "COMMAND");
    TreeMap<Integer, String[]> rows = new TreeMap<>();
    lab.processes().all().forEach((pid, line) -> rows.put(pid, new String[] {"-", line}));
    lab.tasks()
        .all()
        .forEach(task -> rows.put(task.pid(), new String[] {mapped(task), task.comm()}));
    rows.forEach((pid, row) -> table.row(pid, row[0], row[1]));
    table.lines().forEach(console.out()::println);
    return Exit.OK;
  }

  private static String mapped(Task task) {
    return Sizes.brief(task.mm().vmas().stream().mapToLong(vma -> vma.end() - vma.start()).sum());
  }
}
