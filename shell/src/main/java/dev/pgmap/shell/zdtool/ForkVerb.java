package dev.pgmap.shell.zdtool;

import dev.pgmap.core.mm.Task;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;

/** {@code zdtool fork}. */
@CommandLine.Command(
    name = "fork",
    description = "Map, touch, fork; the child writes one byte and exits; unmap.")
final class ForkVerb extends Verb {
  ForkVerb(Console console) {
    super(console);
  }

  @Override
  int run(Task task) {
    long address = map(task);
    touch(task, address);
    sayPage(task, "parent", address);
    Task child = task.fork();
    console()
        .session()
        .tasks()
        .run(
            child,
            self -> {
              sayPage(self, "child", address);
              self.mm().store(address, (byte) 2);
              return Exit.OK;
            });
    sayPage(task, "parent-after", address);
    task.mm().munmap(address, bytes());
    return Exit.OK;
  }
}
