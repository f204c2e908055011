package dev.pgmap.shell.trace;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.trace.recipe.ProbePoints;
import dev.pgmap.trace.recipe.Recipe;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code trace recipe}: how to record the right thing on a real kernel. */
@CommandLine.Command(
    name = "recipe",
    description = {
      "Print the commands that record, on a real kernel, what leaks and explain need: with and",
      "without CONFIG_DEBUG_PAGE_REF, by trace-cmd, perf, kprobes and bpftrace."
    })
final class RecipeCommand implements Command {
  private static final Pattern VERSION = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})(?:\\D.*)?");

  private final Console console;

  @Option(
      names = "--kernel",
      paramLabel = "VERSION",
      description = "The kernel to be traced, such as 6.1. Default: 7.2.")
  private String kernel = "7.2";

  @Option(
      names = "--pfn",
      paramLabel = "FIRST-LAST",
      description = "Only pages of that range.",
      converter = PfnRange.Converter.class)
  private PfnRange pfns = PfnRange.ALL;

  RecipeCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    Matcher version = VERSION.matcher(kernel);
    if (!version.matches()) {
      throw CommandException.badValue("--kernel", kernel, "a version such as 6.1");
    }
    ProbePoints probes =
        ProbePoints.of(Integer.parseInt(version.group(1)), Integer.parseInt(version.group(2)));
    new Recipe(probes, pfns.first(), pfns.last()).lines().forEach(console.out()::println);
    return Exit.OK;
  }
}
