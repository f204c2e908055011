package dev.pgmap.trace.tracefs;

import java.util.List;

/**
 * What is to be traced, as {@code trace-cmd} lets one say it; an empty text leaves a file as it is.
 *
 * @param clock for {@code trace_clock}
 * @param kib for {@code buffer_size_kb}
 * @param options for {@code trace_options}, each
 * @param stacks whether a stack follows each event
 * @param tracer for {@code current_tracer}
 * @param functions for {@code set_ftrace_filter}, each
 * @param notFunctions for {@code set_ftrace_notrace}, each
 * @param graphRoots for {@code set_graph_function}, each
 * @param graphDepth for {@code max_graph_depth}
 * @param events which events, in order
 */
public record TraceSetup(
    String clock,
    String kib,
    List<String> options,
    boolean stacks,
    String tracer,
    List<String> functions,
    List<String> notFunctions,
    List<String> graphRoots,
    String graphDepth,
    List<Events> events) {
  private static final String ALL = "all";

  /**
   * Some events with what hangs on them.
   *
   * @param pattern a system, an event, SYSTEM:EVENT or {@code all}
   * @param filters for their {@code filter}, each
   * @param triggers for their {@code trigger}, each
   */
  public record Events(String pattern, List<String> filters, List<String> triggers) {
    private void applyTo(TraceFs files) {
      String name = pattern.equals(ALL) ? "*:*" : pattern;
      for (String filter : filters) {
        EventPaths.filterPaths(files, name).forEach(path -> files.write(path, filter, false));
      }
      for (String trigger : triggers) {
        EventPaths.of(files, name).forEach(path -> files.write(path + "/trigger", trigger, true));
      }
      files.write("set_event", name, true);
    }
  }

  /** Whether nothing would be recorded. */
  public boolean recordsNothing() {
    return events.isEmpty() && (tracer.isEmpty() || tracer.equals("nop"));
  }

  /**
   * Writes all of it.
   *
   * @throws dev.pgmap.api.MmException at the first that is refused
   */
  public void applyTo(TraceFs files) {
    writeIfGiven(files, "trace_clock", clock);
    writeIfGiven(files, "buffer_size_kb", kib);
    options.forEach(option -> files.write("trace_options", option, false));
    if (stacks) {
      files.write("options/stacktrace", "1", false);
    }
    functions.forEach(function -> files.write("set_ftrace_filter", function, true));
    notFunctions.forEach(function -> files.write("set_ftrace_notrace", function, true));
    graphRoots.forEach(function -> files.write("set_graph_function", function, true));
    writeIfGiven(files, "max_graph_depth", graphDepth);
    events.forEach(chosen -> chosen.applyTo(files));
    writeIfGiven(files, "current_tracer", tracer);
  }

  private static void writeIfGiven(TraceFs files, String path, String value) {
    if (!value.isEmpty()) {
      files.write(path, value, false);
    }
  }
}
