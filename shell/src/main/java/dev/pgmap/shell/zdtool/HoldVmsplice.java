package dev.pgmap.shell.zdtool;

import dev.pgmap.api.MmException;
import dev.pgmap.core.mm.Task;
import dev.pgmap.shell.format.Seconds;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code zdtool hold-vmsplice}: plain references in a pipe, which outlive the mapping. */
@CommandLine.Command(
    name = "hold-vmsplice",
    description = "Map, touch, hold up to 16 pages in a pipe by plain references, close the pipe.")
final class HoldVmsplice extends Verb {
  @Parameters(index = "2", paramLabel = "SECS", description = "How long.")
  private String seconds = "";

  @Parameters(
      index = "3",
      arity = "0..1",
      paramLabel = "unmap",
      description = "Unmap first, so that only the pipe holds the pages.")
  private String unmap = "";

  HoldVmsplice(Console console) {
    super(console);
  }

  @Override
  void checkArguments() {
    super.checkArguments();
    Seconds.toNanos(seconds);
    if (!unmap.isEmpty() && !unmap.equals("unmap")) {
      throw CommandException.badValue("after SECS", unmap, "nothing, or the word unmap");
    }
  }

  @Override
  int run(Task task) {
    long address = map(task);
    touch(task, address);
    sayPage(task, "page0", address);
    Pipe pipe = new Pipe(machine().gup());
    try {
      say("vmsplice=%d  holding", pipe.splice(task.mm(), address, bytes()));
      sayPage(task, "page0", address);
      if (!unmap.isEmpty()) {
        task.mm().munmap(address, bytes());
        say("unmapped, pipe still holds");
      }
      hold(Seconds.toNanos(seconds));
      say("releasing");
    } catch (MmException e) {
      pipe.close();
      throw e;
    }
    pipe.close();
    say("pipe-closed");
    return Exit.OK;
  }
}
