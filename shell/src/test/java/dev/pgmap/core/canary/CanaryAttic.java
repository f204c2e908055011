package dev.pgmap.core.canary;

import picocli.CommandLine;

/** A package on no known floor, of an engine that knows the command line. */
final class CanaryAttic {
  CommandLine shell = new CommandLine(this);
}
