package dev.pgmap.shell.zdtool;

import dev.pgmap.core.mm.Task;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code zdtool odirect}: a device reads the pages of a mapping. */
@CommandLine.Command(
    name = "odirect",
    description =
        "Map, touch, write from the mapping to a block device in one O_DIRECT call, unmap.")
final class Odirect extends Verb {
  private static final String NULL_DEVICE = "/dev/nullb0";

  @Parameters(
      index = "2",
      paramLabel = "DEV",
      description = "The block device: " + NULL_DEVICE + ", which forgets what it is given.")
  private String device = "";

  Odirect(Console console) {
    super(console);
  }

  @Override
  void checkArguments() {
    super.checkArguments();
    if (!device.equals(NULL_DEVICE)) {
      throw CommandException.badValue("DEV", device, NULL_DEVICE);
    }
  }

  @Override
  int run(Task task) {
    long address = map(task);
    touch(task, address);
    sayPage(task, "page0", address);
    say("O_DIRECT write start");
    say("O_DIRECT write=%d ", DirectWrite.run(machine(), task.mm(), address, bytes()));
    task.mm().munmap(address, bytes());
    return Exit.OK;
  }
}
