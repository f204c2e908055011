package dev.pgmap.shell.tracecmd;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.format.Numbers;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.read.TraceFiles;
import dev.pgmap.trace.write.FtraceText;
import dev.pgmap.trace.write.ReportStyle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trace-cmd report}. */
@CommandLine.Command(
    name = "report",
    description = "Print a recording; 'trace events' can choose from it.")
final class ReportCommand implements Command {
  private static final int MAX_CPU = 1 << 16;

  private final Console console;
  private final List<String> shown = new ArrayList<>();
  private final List<String> hidden = new ArrayList<>();
  private boolean negating;

  @Parameters(paramLabel = "FILE", arity = "0..1", description = "Default: trace.dat.")
  private Path file = Path.of("trace.dat");

  @Option(names = "-i", paramLabel = "FILE", description = "The same.")
  void input(Path path) {
    file = path;
  }

  @Option(
      names = "-F",
      paramLabel = "EVENTS:FILTER",
      description = "Only events that match, with their stacks; more than one is allowed.")
  void filter(String text) {
    (negating ? hidden : shown).add(text);
  }

  @Option(names = "-v", description = "The -F after it name what is not printed.")
  void negate(boolean on) {
    negating = on;
  }

  @Option(
      names = "--cpu",
      split = ",",
      paramLabel = "CPU",
      description = "Only events of these cpus: N or N-M, with commas for more.")
  private List<String> cpus = List.of();

  @Option(names = "-l", description = "The columns of flags, as in the latency format.")
  private boolean latency;

  @Option(names = "-t", description = "Nine digits of each second.")
  private boolean nanos;

  @Option(names = "-E", description = "Print the names of the events that the file describes.")
  private boolean events;

  ReportCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    TraceFiles.Opened opened = TraceFiles.open(file);
    try (opened) {
      TraceSource source = opened.source();
      if (events) {
        printNames(source);
      } else {
        FtraceText.report(new ReportStyle(latency, nanos))
            .print(new SelectedSource(source, selection(source)), console.out());
      }
    }
    return Exit.OK;
  }

  private void printNames(TraceSource source) {
    source.events().all().stream()
        .map(EventFormat::fullName)
        .filter(name -> !name.startsWith("ftrace:"))
        .sorted()
        .forEach(console.out()::println);
  }

  private Predicate<TraceEvent> selection(TraceSource source) {
    List<ReportFilter> wanted = filters(source, shown);
    List<ReportFilter> unwanted = filters(source, hidden);
    BitSet onCpus = cpuSet();
    return event ->
        (onCpus.isEmpty() || onCpus.get(event.cpu()))
            && (wanted.isEmpty() || wanted.stream().anyMatch(filter -> filter.test(event)))
            && unwanted.stream().noneMatch(filter -> filter.test(event));
  }

  private static List<ReportFilter> filters(TraceSource source, List<String> texts) {
    return texts.stream().map(text -> new ReportFilter(source, text)).toList();
  }

  private BitSet cpuSet() {
    BitSet set = new BitSet();
    for (String range : cpus) {
      String[] ends = range.split("-", 2);
      int first = Numbers.parseInt("--cpu", ends[0], 0, MAX_CPU);
      int last = Numbers.parseInt("--cpu", ends[ends.length - 1], first, MAX_CPU);
      set.set(first, last + 1);
    }
    return set;
  }
}
