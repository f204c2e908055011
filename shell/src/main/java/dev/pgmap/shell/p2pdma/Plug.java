package dev.pgmap.shell.p2pdma;

import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.p2pdma.P2pBus;
import dev.pgmap.core.p2pdma.P2pDevice;
import dev.pgmap.core.p2pdma.PciBar;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.SizeConverter;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code p2pdma plug}. */
@CommandLine.Command(
    name = "plug",
    description = "Plug a device in, and offer all of its BAR 0 to peers.")
final class Plug implements Command {
  private final Console console;

  @Parameters(index = "0", paramLabel = "DEVICE", description = "Such as 0000:01:00.0.")
  private String name = "";

  @Parameters(
      index = "1",
      paramLabel = "START",
      converter = SizeConverter.class,
      description = "First address of the BAR, such as 3584M, in the PCI hole below 4G.")
  private long start;

  @Parameters(
      index = "2",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "A multiple of 2M.")
  private long bytes;

  Plug(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    if (bytes <= 0 || start < 0 || start > Long.MAX_VALUE - bytes) {
      throw CommandException.usage(
          "p2pdma plug: found %d bytes at %d, expected a range of addresses", bytes, start);
    }
    P2pBus bus = console.machine().p2pBus();
    P2pDevice device =
        bus.plug(name, List.of(new PciBar(0, PhysRange.ofLength(start, bytes), true)));
    try {
      device.addResource(0, 0, 0);
    } catch (MmException e) {
      bus.unplug(name);
      throw e;
    }
    console.out().println(device.path());
    return Exit.OK;
  }
}
