package dev.pgmap.trace.write;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.format.Style;

/** What a kernel prints of an event alone, without task, cpu and time. */
final class KernelTexts {
  private static final int MOST_DEPTH = 255;

  private final Symbols symbols;
  private final PrintFmts printFmts;

  KernelTexts(Symbols symbols) {
    this.symbols = symbols;
    this.printFmts = new PrintFmts(Style.KERNEL, symbols);
  }

  /** The name, unless it is one of ftrace's own, and the text; it may end in a newline. */
  void append(TraceEvent event, StringBuilder out) {
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
    symbol(number(event, "ip"), out);
    out.append(" <-");
    symbol(number(event, "parent_ip"), out);
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
    symbol(number(event, "ip"), out);
    EventField text = event.format().field("buf");
    out.append(": ").append(text == null ? "" : event.text(text));
  }

  /** A function's name; as seq_print_ip_sym. */
  void symbol(long address, StringBuilder out) {
    String name = symbols.nameOf(address);
    if (address == 0) {
      out.append('0');
    } else {
      out.append(name == null ? "0x" + Long.toHexString(address) : name);
    }
  }

  /** A field's number; 0 if there is no such field. */
  static long number(TraceEvent event, String name) {
    EventField field = event.format().field(name);
    return field == null ? 0 : event.number(field);
  }

  /** How deep a call is; no kernel records more than {@value #MOST_DEPTH}. */
  static int depth(TraceEvent event) {
    return Math.clamp(number(event, "depth"), 0, MOST_DEPTH);
  }

  /** The line that tells of losses before an event, if there were any. */
  static void lost(TraceEvent event, StringBuilder out) {
    if (event.lost() != 0) {
      out.append("CPU:").append(event.cpu()).append(" [LOST ");
      if (event.lost() > 0) {
        out.append(event.lost()).append(' ');
      }
      out.append("EVENTS]\n");
    }
  }
}
