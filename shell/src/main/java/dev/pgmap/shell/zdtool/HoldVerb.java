package dev.pgmap.shell.zdtool;

import dev.pgmap.shell.format.Seconds;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import picocli.CommandLine.Parameters;

/** A verb that holds pages for a while, with or without their mapping. */
abstract class HoldVerb extends Verb {
  @Parameters(index = "2", paramLabel = "SECS", description = "How long.")
  private String seconds = "";

  @Parameters(
      index = "3",
      arity = "0..1",
      paramLabel = "unmap",
      description = "Unmap first, so that nothing but the verb itself holds the pages.")
  private String unmap = "";

  HoldVerb(Console console) {
    super(console);
  }

  @Override
  void checkArguments() {
    super.checkArguments();
    Seconds.toNanos(seconds);
    if (!unmap.isEmpty() && !unmap.equals("unmap")) {
      throw CommandException.badValue("after SECS", unmap, "nothing, or the word unmap");
    }
  }

  final boolean unmapsFirst() {
    return !unmap.isEmpty();
  }

  /** Holds for as long as was asked. */
  final void hold() {
    hold(Seconds.toNanos(seconds));
  }
}
