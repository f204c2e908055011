package dev.pgmap.shell.zdtool;

import dev.pgmap.core.failure.ErrorInjection.Advice;
import dev.pgmap.shell.session.Console;
import picocli.CommandLine;

/** {@code zdtool softoff}. */
@CommandLine.Command(
    name = "softoff",
    description = "Map, touch, soft-offline one page, print the result, touch again, unmap.")
final class Softoff extends InjectVerb {
  Softoff(Console console) {
    super(console, Advice.SOFT_OFFLINE);
  }
}
