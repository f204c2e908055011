package dev.pgmap.shell.command;

import picocli.CommandLine;

/** A command whose words are not read in the usual way. */
public interface Tuned {
  /** Sets the parser up. */
  void tune(CommandLine line);
}
