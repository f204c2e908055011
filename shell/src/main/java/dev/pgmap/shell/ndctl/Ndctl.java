package dev.pgmap.shell.ndctl;

import dev.pgmap.shell.command.Registry;
import dev.pgmap.shell.session.Console;
import picocli.CommandLine;

/** {@code ndctl}: namespaces of persistent memory. */
@CommandLine.Command(name = "ndctl", description = "Manage namespaces of persistent memory.")
public final class Ndctl {
  private Ndctl() {}

  /** The command with its subcommands. */
  public static CommandLine of(Console console) {
    return Registry.tree(
        new Ndctl(),
        new CreateNamespace(console),
        new ListNamespaces(console),
        new DestroyNamespace(console),
        new DisableNamespace(console),
        new EnableNamespace(console),
        new InjectError(console),
        new ClearErrors(console));
  }
}
