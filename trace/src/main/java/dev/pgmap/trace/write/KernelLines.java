package dev.pgmap.trace.write;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.format.Style;

/** Lines as a kernel prints them into {@code trace} (print_trace_line, trace_print_context). */
final class KernelLines implements TextLines {
  private static final int COMM_WIDTH = 16;
  private static final int PID_WIDTH = 7;
  private static final String LEGEND =
      """
      #                                _-----=> irqs-off/BH-disabled
      #                               / _----=> need-resched
      #                              | / _---=> hardirq/softirq
      #                              || / _--=> preempt-depth
      #                              ||| / _-=> migrate-disable
      #                              |||| /     delay
      #           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
      #              | |         |   |||||     |         |
      """;

  private final TraceSource source;
  private final Census census;
  private final Symbols symbols;
  private final PrintFmts printFmts;

  KernelLines(TraceSource source, Census census) {
    this.source = source;
    this.census = census;
    this.symbols = source.symbols();
    this.printFmts = new PrintFmts(Style.KERNEL, symbols);
  }

  @Override
  public void begin(StringBuilder out) {
    out.append("# tracer: ").append(census.tracer()).append("\n#\n");
    out.append("# entries-in-buffer/entries-written: ").append(census.events());
    out.append('/').append(census.events() + census.lost());
    out.append("   #P:").append(source.nrCpus()).append("\n#\n").append(LEGEND);
  }

  @Override
  public void add(TraceEvent event, StringBuilder out) {
    lost(event, out);
    head(event, out);
    body(event, out);
    Columns.endLine(out);
  }

  private static void lost(TraceEvent event, StringBuilder out) {
    if (event.lost() != 0) {
      out.append("CPU:").append(event.cpu()).append(" [LOST ");
      if (event.lost() > 0) {
        out.append(event.lost()).append(' ');
      }
      out.append("EVENTS]\n");
    }
  }

  private void head(TraceEvent event, StringBuilder out) {
    Columns.right(out, Columns.comm(event), COMM_WIDTH);
    out.append('-');
    Columns.left(out, event.pid(), PID_WIDTH);
    out.append(' ');
    Columns.cpu(out, event.cpu());
    out.append(' ');
    FlagColumns.append(out, event);
    if (!source.clock().isTime()) {
      out.append(' ');
    }
    Columns.stamp(out, source.clock(), event.timestamp());
    out.append(": ");
  }

  private void body(TraceEvent event, StringBuilder out) {
    if (!event.format().system().equals("ftrace")) {
      out.append(event.format().name()).append(": ");
      printFmts.print(event, out);
      return;
    }
    switch (event.format().name()) {
      case "function" -> function(event, out);
      case "kernel_stack" -> stack(event, out);
      case "print" -> marker(event, out);
      default -> printFmts.print(event, out);
    }
  }

  private void function(TraceEvent event, StringBuilder out) {
    symbol(address(event, "ip"), out);
    out.append(" <-");
    symbol(address(event, "parent_ip"), out);
  }

  private void stack(TraceEvent event, StringBuilder out) {
    out.append("<stack trace>\n");
    for (long address : Stacks.callers(event)) {
      out.append(" => ");
      symbol(address, out);
      out.append('\n');
    }
  }

  private void marker(TraceEvent event, StringBuilder out) {
    symbol(address(event, "ip"), out);
    EventField text = event.format().field("buf");
    out.append(": ").append(text == null ? "" : event.text(text));
  }

  /** As seq_print_ip_sym. */
  private void symbol(long address, StringBuilder out) {
    String name = symbols.nameOf(address);
    if (address == 0) {
      out.append('0');
    } else {
      out.append(name == null ? "0x" + Long.toHexString(address) : name);
    }
  }

  private static long address(TraceEvent event, String name) {
    EventField field = event.format().field(name);
    return field == null ? 0 : event.number(field);
  }
}
