package dev.pgmap.trace.write;

import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines as a kernel's function_graph tracer prints them into {@code trace} (print_graph_function):
 * a tree of calls, with other events as comments.
 *
 * <p>An entry whose next event on its cpu is its exit becomes one line, so it waits for that event
 * and holds up what comes behind, for {@value #MOST_WAITING} lines at most.
 */
final class KernelGraphLines implements TextLines {
  private static final int MOST_WAITING = 4096;
  private static final int INDENT = 2;
  private static final int PROCESS_WIDTH = 14;
  private static final int COMM_CHARS = 7;
  private static final String NO_DURATION = "              |  ";
  private static final String RULE = " ------------------------------------------\n";

  private final KernelTexts texts;
  private final int cpuWidth;
  private final List<Cpu> cpus = new ArrayList<>();
  private final Deque<Line> waiting = new ArrayDeque<>();

  /** A line; that of an entry is complete only when it is known what follows. */
  private static final class Line {
    final StringBuilder text = new StringBuilder();
    boolean complete = true;
  }

  /** What is known of a cpu. */
  private static final class Cpu {
    int pid = -1;
    String comm = "";
    int depth;

    /** The entry that waits for what follows on this cpu. */
    @Nullable Line open;

    long function;

    /** Functions that were entered and not left, by depth; 0 where there is none. */
    private final List<Long> entered = new ArrayList<>();

    void enter() {
      while (entered.size() <= depth) {
        entered.add(0L);
      }
      entered.set(depth, function);
    }

    /** The function that was entered at a depth; 0 if that was not recorded. */
    long leave(int fromDepth) {
      return fromDepth < entered.size() ? entered.set(fromDepth, 0L) : 0;
    }
  }

  KernelGraphLines(TraceSource source) {
    texts = new KernelTexts(source.symbols());
    cpuWidth = Integer.toString(Math.max(0, source.nrCpus() - 1)).length();
  }

  @Override
  public void begin(StringBuilder out) {
    out.append(
        """
        # tracer: function_graph
        #
        # CPU  DURATION                  FUNCTION CALLS
        # |     |   |                     |   |   |   |
        """);
  }

  @Override
  public void add(TraceEvent event, StringBuilder out) {
    while (cpus.size() <= event.cpu()) {
      cpus.add(new Cpu());
    }
    Cpu cpu = cpus.get(event.cpu());
    if (!endsLeaf(cpu, event)) {
      complete(cpu);
      Line line = new Line();
      waiting.add(line);
      KernelTexts.lost(event, line.text);
      turn(cpu, event, line.text);
      cpu(event.cpu(), line.text);
      switch (event.format().name()) {
        case "funcgraph_entry" -> entry(cpu, event, line);
        case "funcgraph_exit" -> exit(cpu, event, line.text);
        default -> comment(cpu, event, line.text);
      }
    }
    release(out);
  }

  @Override
  public void end(StringBuilder out) {
    cpus.forEach(this::complete);
    release(out);
  }

  private void release(StringBuilder out) {
    if (waiting.size() > MOST_WAITING) {
      cpus.forEach(this::complete);
    }
    while (!waiting.isEmpty() && waiting.getFirst().complete) {
      out.append(waiting.remove().text);
    }
  }

  private void cpu(int number, StringBuilder out) {
    out.append(' ');
    Columns.right(out, number, cpuWidth);
    out.append(") ");
  }

  /** Another task runs on the cpu now; as verif_pid. */
  private void turn(Cpu cpu, TraceEvent event, StringBuilder out) {
    if (cpu.pid == event.pid()) {
      return;
    }
    if (cpu.pid >= 0) {
      out.append(RULE);
      cpu(event.cpu(), out);
      process(cpu.comm, cpu.pid, out);
      out.append(" => ");
      process(Columns.comm(event), event.pid(), out);
      out.append('\n').append(RULE).append('\n');
    }
    cpu.pid = event.pid();
    cpu.comm = Columns.comm(event);
  }

  private static void process(String comm, int pid, StringBuilder out) {
    String text = comm.substring(0, Math.min(comm.length(), COMM_CHARS)) + "-" + pid;
    int blanks = Math.max(0, PROCESS_WIDTH - text.length());
    out.repeat(' ', blanks / 2).append(text).repeat(' ', blanks - blanks / 2);
  }

  private static void entry(Cpu cpu, TraceEvent event, Line line) {
    cpu.open = line;
    cpu.function = KernelTexts.number(event, "func");
    cpu.depth = KernelTexts.depth(event);
    line.complete = false;
  }

  private boolean endsLeaf(Cpu cpu, TraceEvent event) {
    Line open = cpu.open;
    if (open == null
        || event.lost() != 0
        || !event.format().name().equals("funcgraph_exit")
        || event.pid() != cpu.pid
        || KernelTexts.number(event, "func") != cpu.function) {
      return false;
    }
    duration(event, open.text);
    open.text.repeat(' ', INDENT * cpu.depth);
    texts.symbol(cpu.function, open.text);
    open.text.append("();\n");
    open.complete = true;
    cpu.open = null;
    cpu.depth--;
    return true;
  }

  /** What follows on its cpu is not the exit: the entry's line begins a block. */
  private void complete(Cpu cpu) {
    Line open = cpu.open;
    if (open != null) {
      open.text.append(NO_DURATION).repeat(' ', INDENT * cpu.depth);
      texts.symbol(cpu.function, open.text);
      open.text.append("() {\n");
      open.complete = true;
      cpu.open = null;
      cpu.enter();
    }
  }

  private void exit(Cpu cpu, TraceEvent event, StringBuilder out) {
    int depth = KernelTexts.depth(event);
    long function = KernelTexts.number(event, "func");
    boolean matches = cpu.leave(depth) == function;
    duration(event, out);
    out.repeat(' ', INDENT * depth).append('}');
    if (!matches) {
      out.append(" /* ");
      texts.symbol(function, out);
      out.append(" */");
    }
    out.append('\n');
    cpu.depth = depth - 1;
  }

  private void comment(Cpu cpu, TraceEvent event, StringBuilder out) {
    out.append(NO_DURATION);
    if (cpu.depth > 0) {
      out.repeat(' ', INDENT * (cpu.depth + 1));
    }
    out.append("/* ");
    texts.append(event, out);
    if (out.charAt(out.length() - 1) == '\n') {
      out.setLength(out.length() - 1);
    }
    out.append(" */\n");
  }

  private static void duration(TraceEvent exit, StringBuilder out) {
    long nanos = KernelTexts.number(exit, "rettime") - KernelTexts.number(exit, "calltime");
    GraphDuration.appendKernel(nanos, out);
    out.append("|  ");
  }
}
