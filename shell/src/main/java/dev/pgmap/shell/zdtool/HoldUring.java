package dev.pgmap.shell.zdtool;

import dev.pgmap.api.MmException;
import dev.pgmap.core.mm.Task;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code zdtool hold-uring}: a fixed buffer of io_uring, which is a longterm pin. */
@CommandLine.Command(
    name = "hold-uring",
    description = "Map, touch, register as a fixed buffer of io_uring, hold, unregister, unmap.")
final class HoldUring extends HoldVerb {
  HoldUring(Console console) {
    super(console);
  }

  @Override
  int run(Task task) {
    long address = map(task);
    touch(task, address);
    sayPage(task, "page0", address);
    FixedBuffer buffer = register(task, address);
    sayPage(task, "page0", address);
    if (unmapsFirst()) {
      task.mm().munmap(address, bytes());
      say("unmapped");
    }
    hold();
    say("releasing");
    if (buffer != null) {
      buffer.unregister();
      say("unregister=0");
    }
    if (!unmapsFirst()) {
      sayPage(task, "page0", address);
    }
    return Exit.OK;
  }

  private @Nullable FixedBuffer register(Task task, long address) {
    try {
      FixedBuffer buffer = FixedBuffer.register(machine(), task.mm(), address, bytes());
      say("register_buffers=0  holding");
      return buffer;
    } catch (MmException e) {
      say("register_buffers=%s holding", outcome(e));
      console().err().println("zdtool: " + e.getMessage());
      return null;
    }
  }
}
