package dev.pgmap.shell.p2pdma;

import dev.pgmap.core.p2pdma.P2pDevice;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;

/** {@code p2pdma list}. */
@CommandLine.Command(name = "list", description = "The devices, their memory, what of it is free.")
final class ListDevices implements Command {
  private final Console console;

  ListDevices(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    for (P2pDevice device : console.machine().p2pBus().all()) {
      console
          .out()
          .printf(
              "%s size %d available %d%n", device.name(), device.bytes(), device.availableBytes());
    }
    return Exit.OK;
  }
}
