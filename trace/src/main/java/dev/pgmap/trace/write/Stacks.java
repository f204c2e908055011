package dev.pgmap.trace.write;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceEvent;
import java.util.Arrays;

/** Reads {@code ftrace:kernel_stack} events. */
final class Stacks {
  private static final long[] NONE = {};
  private static final long END = -1;

  private Stacks() {}

  /** Whether events of this format are the stack of the event before them. */
  static boolean isStack(EventFormat format) {
    return format.name().equals("kernel_stack") && format.system().equals("ftrace");
  }

  /** The addresses, innermost first: as many as the event says it has, up to an end mark. */
  static long[] callers(TraceEvent event) {
    EventField caller = event.format().field("caller");
    if (caller == null) {
      return NONE;
    }
    EventField size = event.format().field("size");
    long stated = size == null ? Integer.MAX_VALUE : event.number(size);
    int most = (int) Math.max(0, Math.min(stated, event.length(caller)));
    long[] callers = new long[most];
    for (int i = 0; i < most; i++) {
      callers[i] = event.element(caller, i);
      if (callers[i] == END) {
        return Arrays.copyOf(callers, i);
      }
    }
    return callers;
  }

  /** The functions of a stack, innermost first, in one line. */
  static String text(long[] stack, Symbols symbols) {
    StringBuilder text = new StringBuilder();
    for (long address : stack) {
      String name = symbols.nameOf(address);
      text.append(text.isEmpty() ? "" : " <- ");
      text.append(name == null ? "0x" + Long.toHexString(address) : name);
    }
    return text.toString();
  }
}
