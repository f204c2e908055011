package dev.pgmap.shell.zdtool;

import dev.pgmap.shell.command.Registry;
import dev.pgmap.shell.session.Console;
import picocli.CommandLine;

/** {@code zdtool}: maps device memory and holds it in the ways that matter. */
@CommandLine.Command(
    name = "zdtool",
    description = "Map device memory, touch it, and hold its pages for a while.")
public final class Zdtool {
  private Zdtool() {}

  /** The command with its subcommands. */
  public static CommandLine of(Console console) {
    return Registry.tree(
        new Zdtool(),
        new Touch(console),
        new HoldMap(console),
        new HoldVmsplice(console),
        new HoldPinlt(console),
        new HoldUring(console),
        new Truncate(console),
        new Punch(console),
        new Odirect(console),
        new Dma(console),
        new Hwpoison(console),
        new Softoff(console),
        new ForkVerb(console),
        new Kpf(console));
  }
}
