package dev.pgmap.trace.write;

import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;

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
  private final boolean hasHeader;
  private final KernelTexts texts;

  KernelLines(TraceSource source, Census census) {
    this(source, census, true);
  }

  /** The lines without those that begin with {@code #}. */
  static KernelLines withoutHeader(TraceSource source, Census census) {
    return new KernelLines(source, census, false);
  }

  private KernelLines(TraceSource source, Census census, boolean hasHeader) {
    this.hasHeader = hasHeader;
    this.source = source;
    this.census = census;
    this.texts = new KernelTexts(source.symbols());
  }

  @Override
  public void begin(StringBuilder out) {
    if (!hasHeader) {
      return;
    }
    out.append("# tracer: ").append(census.tracer()).append("\n#\n");
    out.append("# entries-in-buffer/entries-written: ").append(census.events());
    out.append('/').append(census.events() + census.lost());
    out.append("   #P:").append(source.nrCpus()).append("\n#\n").append(LEGEND);
  }

  @Override
  public void add(TraceEvent event, StringBuilder out) {
    KernelTexts.lost(event, out);
    head(event, out);
    texts.append(event, out);
    Columns.endLine(out);
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
}
