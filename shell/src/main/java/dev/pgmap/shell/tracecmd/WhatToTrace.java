package dev.pgmap.shell.tracecmd;

import dev.pgmap.shell.session.CommandException;
import dev.pgmap.trace.tracefs.TraceSetup;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * The options that say what is traced; a mixin. {@code -f} and {@code -R} belong to the {@code -e}
 * before them.
 */
public final class WhatToTrace {
  private final List<TraceSetup.Events> events = new ArrayList<>();

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

  @Option(
      names = "-g",
      paramLabel = "FUNCTION",
      description = "function_graph begins in that function; * is allowed, and more than one.")
  private List<String> graphRoots = List.of();

  @Option(names = "--max-graph-depth", paramLabel = "N", description = "How deep it goes; 0: all.")
  private String graphDepth = "";

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
    events.add(new TraceSetup.Events(pattern, new ArrayList<>(), new ArrayList<>()));
  }

  @Option(names = "-f", paramLabel = "FILTER", description = "For the -e before it.")
  void filter(String text) {
    last("-f", text).filters().add(text);
  }

  @Option(names = "-R", paramLabel = "TRIGGER", description = "For the -e before it.")
  void trigger(String text) {
    last("-R", text).triggers().add(text);
  }

  private TraceSetup.Events last(String option, String text) {
    if (events.isEmpty()) {
      throw CommandException.badValue(option, text, "an -e before it, to which it belongs");
    }
    return events.getLast();
  }

  /**
   * What was asked for.
   *
   * @throws CommandException if that is nothing
   */
  public TraceSetup setup() {
    TraceSetup setup =
        new TraceSetup(
            clock,
            kib,
            options,
            stacks,
            tracer,
            functions,
            notFunctions,
            graphRoots,
            graphDepth,
            List.copyOf(events));
    if (setup.recordsNothing()) {
      throw CommandException.usage("found nothing to trace, expected -e EVENT or -p TRACER");
    }
    return setup;
  }
}
