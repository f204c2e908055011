package dev.pgmap.trace.write;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.format.Style;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lines as {@code trace-cmd report} 3.1 prints them, with the plugins that come with it for
 * functions, stacks and the scheduler.
 */
final class ReportLines implements TextLines {
  private static final int COMM_WIDTH = 16;
  private static final int LATENCY_COMM = 8;
  private static final int PID_WIDTH = 5;
  private static final int NAME_WIDTH = 20;
  private static final int INDENT = 3;
  private static final String TASK_STATES = "SDTtZXxW";
  private static final Set<String> WAKEUPS = Set.of("sched_wakeup", "sched_wakeup_new");

  private final TraceSource source;
  private final Symbols symbols;
  private final PrintFmts printFmts;
  private final int bufferWidth;
  private final ReportStyle style;
  private final FunctionIndent indent = new FunctionIndent();
  private final GraphLines graph;

  /** trace-cmd picks up the names of tasks that sched_switch mentions. */
  private final Map<Integer, String> mentioned = new HashMap<>();

  /**
   * Lines for a source.
   *
   * @param bufferWidth length of the longest name of a buffer; 0 if there is only the top one
   */
  ReportLines(TraceSource source, int bufferWidth, ReportStyle style) {
    this.style = style;
    this.source = source;
    this.symbols = source.symbols();
    this.printFmts = new PrintFmts(Style.TRACE_CMD, symbols);
    this.bufferWidth = bufferWidth;
    this.graph = new GraphLines(symbols);
  }

  @Override
  public void begin(StringBuilder out) {
    out.append("cpus=").append(source.nrCpus()).append('\n');
  }

  @Override
  public void add(TraceEvent event, StringBuilder out) {
    if (graph.endsLeaf(event, out)) {
      return;
    }
    if (event.lost() != 0) {
      lost(event, out);
    }
    head(event, out);
    body(event, out);
    if (!graph.isWaiting()) {
      Columns.endLine(out);
    }
  }

  @Override
  public void end(StringBuilder out) {
    graph.end(out);
  }

  private void lost(TraceEvent event, StringBuilder out) {
    buffer(event, out);
    out.append("CPU:").append(event.cpu()).append(" [");
    if (event.lost() > 0) {
      out.append(event.lost()).append(' ');
    }
    out.append("EVENTS DROPPED]\n");
  }

  private void buffer(TraceEvent event, StringBuilder out) {
    if (bufferWidth > 0) {
      Columns.right(out, event.buffer(), bufferWidth);
      out.append(event.buffer().isEmpty() ? "  " : ": ");
    }
  }

  private void head(TraceEvent event, StringBuilder out) {
    buffer(event, out);
    if (style.latency()) {
      latencyHead(event, out);
    } else {
      Columns.right(out, comm(event), COMM_WIDTH);
      out.append('-');
      Columns.left(out, event.pid(), PID_WIDTH);
      out.append(' ');
      Columns.cpu(out, event.cpu());
    }
    if (style.nanos() && source.clock().isTime()) {
      Columns.nanoStamp(out, event.timestamp());
    } else {
      Columns.stamp(out, source.clock(), event.timestamp());
    }
    String name = event.format().name();
    out.append(": ").append(name).append(": ");
    out.repeat(' ', Math.max(0, NAME_WIDTH - name.length()));
  }

  private void latencyHead(TraceEvent event, StringBuilder out) {
    String comm = comm(event);
    Columns.right(out, comm.substring(0, Math.min(LATENCY_COMM, comm.length())), LATENCY_COMM);
    out.append('-');
    Columns.left(out, event.pid(), PID_WIDTH);
    out.append(' ');
    Columns.right(out, event.cpu(), 3);
    FlagColumns.append(out, event);
  }

  private String comm(TraceEvent event) {
    String comm = Columns.comm(event);
    return comm.equals(Comms.UNKNOWN) ? mentioned.getOrDefault(event.pid(), comm) : comm;
  }

  private void body(TraceEvent event, StringBuilder out) {
    EventFormat format = event.format();
    switch (format.system()) {
      case "ftrace" -> ftrace(event, out);
      case "sched" -> sched(event, out);
      default -> printFmts.print(event, out);
    }
  }

  private void ftrace(TraceEvent event, StringBuilder out) {
    switch (event.format().name()) {
      case "function" -> function(event, out);
      case "kernel_stack" -> stack(event, out);
      case "funcgraph_entry" -> graph.entry(event);
      case "funcgraph_exit" -> graph.exit(event, out);
      default -> printFmts.print(event, out);
    }
  }

  private void function(TraceEvent event, StringBuilder out) {
    String function = name(event, "ip");
    String caller = name(event, "parent_ip");
    if (caller != null) {
      out.repeat(' ', INDENT * indent.depthOf(event.cpu(), function, caller));
    }
    out.append(
        function != null ? function : "0x" + Long.toHexString(KernelTexts.number(event, "ip")));
  }

  private @Nullable String name(TraceEvent event, String field) {
    return symbols.nameOf(KernelTexts.number(event, field));
  }

  private void stack(TraceEvent event, StringBuilder out) {
    out.append("<stack trace >\n");
    for (long address : Stacks.callers(event)) {
      String name = symbols.nameOf(address);
      String hex = Long.toHexString(address);
      out.append("=> ").append(name == null ? hex : name + " (" + hex + ")").append('\n');
    }
  }

  private void sched(TraceEvent event, StringBuilder out) {
    String name = event.format().name();
    if (name.equals("sched_switch")) {
      task(event, "prev_", out);
      out.append(' ');
      state(KernelTexts.number(event, "prev_state"), out);
      out.append(" ==> ");
      task(event, "next_", out);
    } else if (WAKEUPS.contains(name)) {
      task(event, "", out);
      success(event, out);
      out.append(" CPU:");
      Columns.zeroes(out, KernelTexts.number(event, "target_cpu"), 3);
    } else {
      printFmts.print(event, out);
    }
  }

  private void task(TraceEvent event, String prefix, StringBuilder out) {
    EventField comm = event.format().field(prefix + "comm");
    int pid = (int) KernelTexts.number(event, prefix + "pid");
    if (comm != null) {
      String text = event.text(comm);
      out.append(text).append(':');
      mentioned.putIfAbsent(pid, text);
    }
    out.append(pid).append(" [").append(KernelTexts.number(event, prefix + "prio")).append(']');
  }

  private static void state(long state, StringBuilder out) {
    int start = out.length();
    for (int bit = 0; bit < TASK_STATES.length(); bit++) {
      if ((state >> bit & 1) != 0) {
        out.append(out.length() > start ? "|" : "").append(TASK_STATES.charAt(bit));
      }
    }
    if (out.length() == start) {
      out.append('R');
    }
  }

  private static void success(TraceEvent event, StringBuilder out) {
    EventField success = event.format().field("success");
    if (success != null) {
      out.append(" success=").append(event.number(success));
    }
  }
}
