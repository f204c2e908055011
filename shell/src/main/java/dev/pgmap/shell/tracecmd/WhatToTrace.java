package dev.pgmap.shell.tracecmd;

import dev.pgmap.shell.session.CommandException;
import dev.pgmap.trace.tracefs.TraceFs;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * The options that say what is traced; a mixin. {@code -f} and {@code -R} belong to the {@code -e}
 * before them.
 */
final class WhatToTrace {
  private static final String ALL = "all";

  /** An {@code -e} with what follows it. */
  private record Choice(String pattern, List<String> filters, List<String> triggers) {}

  private final List<Choice> choices = new ArrayList<>();

  @Option(names = "-T", description = "A stack after each event.")
  private boolean stacks;

  @Option(names = "-p", paramLabel = "TRACER", description = "function, function_graph or nop.")
  private String tracer = "";

  @Option(
      names = "-l",
      paramLabel = "FUNCTION",
      description = "Only that function for the tracer; * is allowed, and more than one.")
  private List<String> functions = List.of();

  @Option(
      names = "-n",
      paramLabel = "FUNCTION",
      description = "Not that function; * is allowed, and more than one.")
  private List<String> notFunctions = List.of();

  @Option(names = "-C", paramLabel = "CLOCK", description = "local, counter, mono or mixed.")
  private String clock = "";

  @Option(names = "-b", paramLabel = "KIB", description = "Size of the ring of each cpu.")
  private String kib = "";

  @Option(names = "-O", paramLabel = "OPTION", description = "A trace option, such as nooverwrite.")
  private List<String> options = List.of();

  @Option(
      names = "-e",
      paramLabel = "EVENT",
      description = "A system, an event, SYSTEM:EVENT or all; * is allowed, and more than one.")
  void event(String pattern) {
    choices.add(new Choice(pattern, new ArrayList<>(), new ArrayList<>()));
  }

  @Option(names = "-f", paramLabel = "FILTER", description = "For the -e before it.")
  void filter(String text) {
    last("-f", text).filters.add(text);
  }

  @Option(names = "-R", paramLabel = "TRIGGER", description = "For the -e before it.")
  void trigger(String text) {
    last("-R", text).triggers.add(text);
  }

  private Choice last(String option, String text) {
    if (choices.isEmpty()) {
      throw CommandException.badValue(option, text, "an -e before it, to which it belongs");
    }
    return choices.getLast();
  }

  /** Whether anything is to be traced. */
  boolean isEmpty() {
    return choices.isEmpty() && (tracer.isEmpty() || tracer.equals("nop"));
  }

  /**
   * Writes all of it.
   *
   * @throws dev.pgmap.api.MmException at the first that is refused
   */
  void applyTo(TraceFs files) {
    writeIfGiven(files, "trace_clock", clock);
    writeIfGiven(files, "buffer_size_kb", kib);
    options.forEach(option -> files.write("trace_options", option, false));
    if (stacks) {
      files.write("options/stacktrace", "1", false);
    }
    functions.forEach(function -> files.write("set_ftrace_filter", function, true));
    notFunctions.forEach(function -> files.write("set_ftrace_notrace", function, true));
    choices.forEach(choice -> apply(files, choice));
    writeIfGiven(files, "current_tracer", tracer);
  }

  private static void writeIfGiven(TraceFs files, String path, String value) {
    if (!value.isEmpty()) {
      files.write(path, value, false);
    }
  }

  private static void apply(TraceFs files, Choice choice) {
    String pattern = choice.pattern.equals(ALL) ? "*:*" : choice.pattern;
    for (String filter : choice.filters) {
      EventPaths.filterPaths(files, pattern).forEach(path -> files.write(path, filter, false));
    }
    for (String trigger : choice.triggers) {
      EventPaths.of(files, pattern).forEach(path -> files.write(path + "/trigger", trigger, true));
    }
    files.write("set_event", pattern, true);
  }
}
