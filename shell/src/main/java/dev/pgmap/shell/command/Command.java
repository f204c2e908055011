package dev.pgmap.shell.command;

/** A command whose options were read and that can run. */
public interface Command {
  /**
   * Runs it.
   *
   * @return an exit code of {@link dev.pgmap.shell.session.Exit}
   * @throws dev.pgmap.api.MmException if the kernel refuses
   * @throws dev.pgmap.shell.session.CommandException if it cannot be run as it was typed
   */
  int call();
}
