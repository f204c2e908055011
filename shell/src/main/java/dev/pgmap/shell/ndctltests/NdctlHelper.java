package dev.pgmap.shell.ndctltests;

import dev.pgmap.shell.command.Registry;
import dev.pgmap.shell.session.Console;
import picocli.CommandLine;

/** {@code ndctl-helper}: what the C programs of ndctl's test suite do. */
@CommandLine.Command(
    name = "ndctl-helper",
    description = "The programs that ndctl's tests run: they map, touch and check.")
public final class NdctlHelper {
  private NdctlHelper() {}

  /** The command with its subcommands. */
  public static CommandLine of(Console console) {
    return Registry.tree(
        new NdctlHelper(),
        new DeviceDax(console),
        new DaxPmd(console),
        new MmapFlags(console),
        new WriteVerify(console),
        new DaxdevErrors(console),
        new BlockIo(console),
        new RevokeDevmem(console));
  }
}
