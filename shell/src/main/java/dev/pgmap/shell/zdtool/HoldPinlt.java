package dev.pgmap.shell.zdtool;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.machine.GupTestTraits.Output;
import dev.pgmap.core.mm.Task;
import dev.pgmap.shell.format.Seconds;
import dev.pgmap.shell.guptest.LongtermHold;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code zdtool hold-pinlt}. */
@CommandLine.Command(
    name = "hold-pinlt",
    description = "Map, touch, hold longterm pins for writing, unpin, unmap.")
final class HoldPinlt extends Verb {
  @Parameters(index = "2", paramLabel = "SECS", description = "How long.")
  private String seconds = "";

  HoldPinlt(Console console) {
    super(console);
  }

  @Override
  void checkArguments() {
    super.checkArguments();
    Seconds.toNanos(seconds);
  }

  @Override
  int run(Task task) {
    long address = map(task);
    touch(task, address);
    sayPage(task, "page0", address);
    if (machine().era().gupTest().output() == Output.BARE) {
      throw new MmException(Errno.ENOENT, "gup_test: this kernel has only gup_benchmark");
    }
    LongtermHold pins = start(task, address);
    hold(Seconds.toNanos(seconds));
    if (pins == null) {
      say("PIN_LONGTERM_TEST_STOP=-1 %s", Errno.EINVAL.text());
    } else {
      pins.stop();
      say("PIN_LONGTERM_TEST_STOP=0 ");
    }
    task.mm().munmap(address, bytes());
    return Exit.OK;
  }

  private @Nullable LongtermHold start(Task task, long address) {
    try {
      LongtermHold pins = LongtermHold.start(machine(), task.mm(), address, bytes());
      say("PIN_LONGTERM_TEST_START=0  holding");
      return pins;
    } catch (MmException e) {
      say("PIN_LONGTERM_TEST_START=%s holding", outcome(e));
      console().err().println("zdtool: " + e.getMessage());
      return null;
    }
  }
}
