package dev.pgmap.shell.p2pdma;

import dev.pgmap.shell.command.Registry;
import dev.pgmap.shell.session.Console;
import picocli.CommandLine;

/** {@code p2pdma}: PCI devices that offer memory to their peers. */
@CommandLine.Command(
    name = "p2pdma",
    description = "PCI devices whose memory has struct pages (MEMORY_DEVICE_PCI_P2PDMA).")
public final class P2pdma {
  private P2pdma() {}

  /** The command with its subcommands. */
  public static CommandLine of(Console console) {
    return Registry.tree(
        new P2pdma(), new Plug(console), new Unplug(console), new ListDevices(console));
  }
}
