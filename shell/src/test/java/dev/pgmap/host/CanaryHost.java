package dev.pgmap.host;

import dev.pgmap.plugins.CanaryPlugin;
import picocli.CommandLine;

/** A host that knows the command line and a plugin. */
final class CanaryHost {
  CommandLine shell = new CommandLine(new CanaryPlugin());
}
