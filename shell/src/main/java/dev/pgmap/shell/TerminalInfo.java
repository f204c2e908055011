package dev.pgmap.shell;

import java.nio.file.Path;

/**
 * Which of the process's streams are terminals, and where its files are.
 *
 * @param input whether standard input is a terminal
 * @param error whether the error stream is one
 * @param plugins the plugins directory
 * @param history the file that keeps the lines typed
 */
record TerminalInfo(boolean input, boolean error, Path plugins, Path history) {
  static TerminalInfo ofProcess() {
    java.io.Console console = System.console();
    boolean both = console != null && console.isTerminal();
    return new TerminalInfo(
        both,
        both,
        Path.of(System.getProperty("pgmap.plugins", "plugins")),
        Path.of(System.getProperty("user.home", "."), ".pgmap_history"));
  }
}
