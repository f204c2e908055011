package dev.pgmap.trace.write;

import dev.pgmap.trace.event.TraceEvent;

/** The five columns of flags of a line of {@code trace} (trace_print_lat_fmt). */
final class FlagColumns {
  private static final int IRQS_OFF = 0x01;
  private static final int RESCHED_LAZY = 0x02;
  private static final int RESCHED = 0x04;
  private static final int HARDIRQ = 0x08;
  private static final int SOFTIRQ = 0x10;
  private static final int PREEMPT_RESCHED = 0x20;
  private static final int NMI = 0x40;
  private static final int BH_OFF = 0x80;

  private FlagColumns() {}

  static void append(StringBuilder out, TraceEvent event) {
    int flags = event.flags();
    out.append(irqs(flags)).append(resched(flags)).append(context(flags));
    depth(out, event.preemptCount() & 0xf);
    depth(out, event.preemptCount() >> 4 & 0xf);
  }

  private static char irqs(int flags) {
    boolean irqsOff = (flags & IRQS_OFF) != 0;
    boolean bhOff = (flags & BH_OFF) != 0;
    return irqsOff ? bhOff ? 'D' : 'd' : bhOff ? 'b' : '.';
  }

  private static char resched(int flags) {
    return switch (flags & (RESCHED | PREEMPT_RESCHED | RESCHED_LAZY)) {
      case RESCHED | PREEMPT_RESCHED | RESCHED_LAZY -> 'B';
      case RESCHED | PREEMPT_RESCHED -> 'N';
      case RESCHED_LAZY | PREEMPT_RESCHED -> 'L';
      case RESCHED | RESCHED_LAZY -> 'b';
      case RESCHED -> 'n';
      case PREEMPT_RESCHED -> 'p';
      case RESCHED_LAZY -> 'l';
      default -> '.';
    };
  }

  private static char context(int flags) {
    boolean nmi = (flags & NMI) != 0;
    boolean hard = (flags & HARDIRQ) != 0;
    boolean soft = (flags & SOFTIRQ) != 0;
    if (nmi) {
      return hard ? 'Z' : 'z';
    }
    return hard ? soft ? 'H' : 'h' : soft ? 's' : '.';
  }

  private static void depth(StringBuilder out, int depth) {
    out.append(depth == 0 ? '.' : Character.forDigit(depth, 16));
  }
}
