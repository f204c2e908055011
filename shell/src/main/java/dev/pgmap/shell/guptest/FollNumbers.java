package dev.pgmap.shell.guptest;

import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.shell.session.CommandException;

/** FOLL flags as kernels number them. */
final class FollNumbers {
  private static final int OLD_FORCE = 0x10;
  private static final int OLD_NOWAIT = 0x20;

  private FollNumbers() {}

  /**
   * The engine's flags for a number given to {@code -F}.
   *
   * @param longterm the number of FOLL_LONGTERM in that era, by which old and new numbers differ
   * @throws CommandException for a flag of an old era that the engine does not know
   */
  static int toEngine(int number, int longterm) {
    if (longterm == FollFlag.LONGTERM) {
      return number;
    }
    int known = FollFlag.WRITE | OLD_FORCE | OLD_NOWAIT | longterm;
    if ((number & ~known) != 0) {
      throw CommandException.usage(
          "-F: found 0x%x, expected flags of 0x%x: WRITE, FORCE, NOWAIT, LONGTERM", number, known);
    }
    return (number & FollFlag.WRITE)
        | ((number & OLD_FORCE) != 0 ? FollFlag.FORCE : 0)
        | ((number & OLD_NOWAIT) != 0 ? FollFlag.NOWAIT : 0)
        | ((number & longterm) != 0 ? FollFlag.LONGTERM : 0);
  }
}
