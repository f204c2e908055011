package dev.pgmap.shell.zdtool;

import dev.pgmap.core.mm.Task;
import dev.pgmap.shell.format.Numbers;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.zdtool.DmaDriver.Bug;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code zdtool dma}: a driver with a bug, to be found in a recording. */
@CommandLine.Command(
    name = "dma",
    description = {
      "Map, touch, let a small driver transfer the memory NR times, unmap. Every fourth transfer",
      "times out. BUG: forget (the timeout leaves one page pinned) or twice (what timed out",
      "completes as well, and is put again)."
    })
final class Dma extends Verb {
  private static final long PAGE_BYTES = 4096;
  private static final int MAX_TRANSFERS = 1_000_000;

  @Parameters(index = "2", paramLabel = "NR", description = "How many transfers.")
  private String transfers = "";

  @Parameters(index = "3", arity = "0..1", paramLabel = "BUG", description = "forget or twice.")
  private String bug = "none";

  Dma(Console console) {
    super(console);
  }

  @Override
  void checkArguments() {
    super.checkArguments();
    nrTransfers();
    bug();
  }

  private int nrTransfers() {
    return (int) Numbers.parse("NR", transfers, 1, MAX_TRANSFERS);
  }

  private Bug bug() {
    return switch (bug.toLowerCase(Locale.ROOT)) {
      case "none" -> Bug.NONE;
      case "forget" -> Bug.FORGET;
      case "twice" -> Bug.TWICE;
      default -> throw CommandException.badValue("BUG", bug, "forget or twice");
    };
  }

  @Override
  int run(Task task) {
    long address = map(task);
    touch(task, address);
    DmaDriver driver = new DmaDriver(machine().gup(), task.mm(), bug());
    int nr = nrTransfers();
    for (int number = 1; number <= nr; number++) {
      Console.checkInterrupted();
      driver.transfer(number, address, (int) (bytes() / PAGE_BYTES));
    }
    say("%d transfers of %d bytes", nr, bytes());
    task.mm().munmap(address, bytes());
    say("munmapped");
    return Exit.OK;
  }
}
