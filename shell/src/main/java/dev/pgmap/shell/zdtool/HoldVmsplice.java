package dev.pgmap.shell.zdtool;

import dev.pgmap.api.MmException;
import dev.pgmap.core.mm.Task;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;

/** {@code zdtool hold-vmsplice}: plain references in a pipe, which outlive the mapping. */
@CommandLine.Command(
    name = "hold-vmsplice",
    description = "Map, touch, hold up to 16 pages in a pipe by plain references, close the pipe.")
final class HoldVmsplice extends HoldVerb {
  HoldVmsplice(Console console) {
    super(console);
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
      if (unmapsFirst()) {
        task.mm().munmap(address, bytes());
        say("unmapped, pipe still holds");
      }
      hold();
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
