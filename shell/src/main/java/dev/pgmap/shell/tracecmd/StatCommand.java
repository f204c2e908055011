package dev.pgmap.shell.tracecmd;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.trace.tracefs.EventPaths;
import dev.pgmap.trace.tracefs.TraceFs;
import java.util.List;
import picocli.CommandLine;

/** {@code trace-cmd stat}. */
@CommandLine.Command(name = "stat", description = "Tell what is being traced.")
final class StatCommand implements Command {
  private final Console console;

  StatCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    TraceFs files = console.session().lab().traceFs();
    line("Tracer", files.read("current_tracer"));
    line("Tracing", files.read("tracing_on").startsWith("1") ? "enabled" : "disabled");
    line("Clock", files.read("trace_clock"));
    line("Buffer size in kilobytes (per cpu)", files.read("buffer_size_kb"));
    block("Events", files.read("set_event").lines().toList());
    block("Functions", chosen(files.read("set_ftrace_filter")));
    block("Not functions", chosen(files.read("set_ftrace_notrace")));
    block("Filters", ofEvents(files, "filter", "none"));
    block("Triggers", ofEvents(files, "trigger", "#"));
    return Exit.OK;
  }

  private void line(String what, String value) {
    console.out().println(what + ": " + value.strip());
  }

  private void block(String what, List<String> values) {
    if (!values.isEmpty()) {
      console.out().println(what + ":");
      values.forEach(value -> console.out().println("    " + value));
    }
  }

  private static List<String> chosen(String text) {
    return text.lines().filter(line -> !line.startsWith("#")).toList();
  }

  private static List<String> ofEvents(TraceFs files, String file, String none) {
    return EventPaths.of(files, "*:*").stream()
        .flatMap(path ->
            files
                .read(path + "/" + file)
                .lines()
                .filter(line -> !line.startsWith(none))
                .map(line -> path.substring("events/".length()) + ": " + line))
        .toList();
  }
}
