package dev.pgmap.trace.read.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lines of {@code trace} where function_graph makes a tree of calls (print_graph_function).
 *
 * <pre>
 *   line    [time '|'] cpu ')' [comm '-' pid '|'] [flags '|'] [mark] [duration 'us'] '|' body
 *   body    indent function '(' ... ')' ('{' | ';')  |  '}'  |  '/*' event ':' text '*' '/'
 *   switch  cpu ')' comm '-' pid '=>' comm '-' pid
 * </pre>
 *
 * <p>An entry becomes an event of the function tracer, whose caller is the function that the tree
 * has above it; ends of calls and durations are left out. Without the option funcgraph-abstime no
 * line tells a time: the number of the line stands for it. The task is known from the first switch
 * on; before, it is one without a name.
 */
final class GraphLines implements Dialect {
  private static final int MAX_CPUS = 1 << 16;
  private static final int MAX_SECTIONS = 3;

  private final Map<Integer, GraphCpu> cpus = new HashMap<>();
  private final LossLine loss = new LossLine();
  private String frame = "";
  private long lines;

  @Override
  public Line read(String line, RawEvent to) {
    lines++;
    String text = line.strip();
    if (text.isEmpty() || text.startsWith("#") || text.startsWith("---")) {
      return Line.OTHER;
    }
    if (text.startsWith("=>")) {
      frame = FunctionText.name(text.substring(2));
      return Line.FRAME;
    }
    return loss.read(line) ? Line.LOST : readCpu(text, to);
  }

  /** The time, if there is one, and the cpu. */
  private Line readCpu(String text, RawEvent to) {
    to.stamp = lines;
    to.isCount = true;
    int bracket = text.indexOf(')');
    int bar = text.indexOf('|');
    int from = 0;
    if (bar >= 0 && bar < bracket) {
      if (!TextNumbers.stamp(text.substring(0, bar).strip(), to)) {
        return Line.UNKNOWN;
      }
      from = bar + 1;
    }
    to.cpu = bracket < 0 ? -1 : TextNumbers.small(text.substring(from, bracket).strip());
    if (to.cpu < 0 || to.cpu >= MAX_CPUS) {
      return Line.UNKNOWN;
    }
    GraphCpu cpu = cpus.computeIfAbsent(to.cpu, unused -> new GraphCpu());
    return readSections(text.substring(bracket + 1), cpu, to);
  }

  private static Line readSections(String text, GraphCpu cpu, RawEvent to) {
    int from = 0;
    for (int i = 0; i < MAX_SECTIONS; i++) {
      int bar = text.indexOf('|', from);
      if (bar < 0) {
        return cpu.isSwitch(text.substring(from).strip()) ? Line.OTHER : Line.UNKNOWN;
      }
      String section = text.substring(from, bar).strip();
      from = bar + 1;
      if (isDuration(section)) {
        return cpu.readBody(text.substring(from), to);
      }
      if (FlagText.isFlags(section) && section.indexOf('-') < 0) {
        FlagText.read(section, List.of(), to);
      } else if (!cpu.isTask(section)) {
        return Line.UNKNOWN;
      }
    }
    return Line.UNKNOWN;
  }

  /** Nothing, a duration behind its mark, or the arrow of an interrupt. */
  private static boolean isDuration(String section) {
    return section.isEmpty() || section.endsWith("us") || section.contains("=====");
  }

  @Override
  public String frame() {
    return frame;
  }

  @Override
  public int lostCpu() {
    return loss.cpu();
  }

  @Override
  public long lostEvents() {
    return loss.events();
  }

  @Override
  public int nrCpus() {
    return 0;
  }
}
