package dev.pgmap.shell.trace;

import dev.pgmap.shell.tracecmd.SelectedSource;
import dev.pgmap.trace.event.TraceSource;
import java.util.List;
import picocli.CommandLine.Option;

/** Options that choose events of a recording: a mixin. */
final class EventChoice {
  @Option(
      names = {"-e", "--event"},
      paramLabel = "NAME",
      description = "Only events of that name or system; * is allowed, and more than one.")
  private List<String> names = List.of();

  @Option(
      names = {"-P", "--pid"},
      paramLabel = "PID",
      description = "Only events of that task; more than one is allowed.")
  private List<Integer> pids = List.of();

  boolean isAll() {
    return names.isEmpty() && pids.isEmpty();
  }

  SelectedSource of(TraceSource source) {
    return SelectedSource.of(source, names, pids);
  }
}
