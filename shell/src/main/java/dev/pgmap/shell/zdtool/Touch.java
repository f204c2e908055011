package dev.pgmap.shell.zdtool;

import dev.pgmap.core.mm.Task;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;

/** {@code zdtool touch}. */
@CommandLine.Command(name = "touch", description = "Map, touch every page, unmap.")
final class Touch extends Verb {
  Touch(Console console) {
    super(console);
  }

  @Override
  int run(Task task) {
    long address = MappedRange.mapAndTouch(this, task);
    task.mm().munmap(address, bytes());
    say("munmapped");
    return Exit.OK;
  }
}
