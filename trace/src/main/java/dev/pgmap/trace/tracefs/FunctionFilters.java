package dev.pgmap.trace.tracefs;

import dev.pgmap.trace.filter.Glob;
import dev.pgmap.trace.tracer.Tracer;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code set_ftrace_filter} and {@code set_ftrace_notrace}: which functions the function tracers
 * record; {@code set_graph_function} and {@code max_graph_depth}: where and how deep function_graph
 * does. A pattern stands for the functions that there are when it is written, as in the kernel.
 * Thread-safe.
 */
final class FunctionFilters {
  private final Tracer tracer;
  private final Set<String> traced = new TreeSet<>();
  private final Set<String> notTraced = new TreeSet<>();
  private final Set<String> graphRoots = new TreeSet<>();
  private int graphDepth;

  FunctionFilters(Tracer tracer) {
    this.tracer = tracer;
  }

  ControlFile filterFile() {
    return file(traced, "#### all functions enabled ####\n");
  }

  ControlFile notraceFile() {
    return file(notTraced, "#### no functions disabled ####\n");
  }

  ControlFile graphFile() {
    return file(graphRoots, "#### all functions enabled ####\n");
  }

  ControlFile depthFile() {
    return ControlFile.readWrite(() -> graphDepth() + "\n", this::setGraphDepth);
  }

  private synchronized int graphDepth() {
    return graphDepth;
  }

  private synchronized void setGraphDepth(String text) {
    if (!text.strip().matches("[0-9]{1,9}")) {
      throw FileProblem.invalid(text, "a number of levels, 0 for all");
    }
    graphDepth = Integer.parseInt(text.strip());
    apply();
  }

  private ControlFile file(Set<String> functions, String none) {
    return ControlFile.list(
        () -> text(functions, none), () -> empty(functions), line -> add(functions, line));
  }

  private synchronized String text(Set<String> functions, String none) {
    return functions.isEmpty() ? none : String.join("\n", functions) + "\n";
  }

  private synchronized void empty(Set<String> functions) {
    functions.clear();
    apply();
  }

  private synchronized void add(Set<String> functions, String line) {
    Set<String> next = new TreeSet<>(functions);
    for (String word : line.strip().split("\\s+")) {
      if (word.startsWith("!")) {
        next.removeAll(matching(next, word.substring(1)));
      } else if (!word.isEmpty()) {
        next.addAll(known(word));
      }
    }
    functions.clear();
    functions.addAll(next);
    apply();
  }

  private Set<String> known(String pattern) {
    Set<String> found = matching(tracer.functions(), pattern);
    if (found.isEmpty()) {
      throw FileProblem.invalid(
          pattern, "functions of available_filter_functions, with * and ? for several");
    }
    return found;
  }

  private static Set<String> matching(Collection<String> names, String pattern) {
    Glob glob = new Glob(pattern);
    Set<String> found = new TreeSet<>();
    names.stream().filter(glob::matches).forEach(found::add);
    return found;
  }

  private void apply() {
    Set<String> only = Set.copyOf(traced);
    Set<String> never = Set.copyOf(notTraced);
    tracer.filterFunctions(
        name -> (only.isEmpty() || only.contains(name)) && !never.contains(name));
    tracer.limitGraph(Set.copyOf(graphRoots)::contains, graphDepth);
  }
}
