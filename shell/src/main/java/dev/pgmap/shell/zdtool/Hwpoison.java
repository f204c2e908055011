package dev.pgmap.shell.zdtool;

import dev.pgmap.core.failure.ErrorInjection.Advice;
import dev.pgmap.shell.session.Console;
import picocli.CommandLine;

/** {@code zdtool hwpoison}. */
@CommandLine.Command(
    name = "hwpoison",
    description = "Map, touch, let one page fail, print the signal, touch again, unmap.")
final class Hwpoison extends InjectVerb {
  Hwpoison(Console console) {
    super(console, Advice.HWPOISON);
  }
}
