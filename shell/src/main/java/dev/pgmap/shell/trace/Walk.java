package dev.pgmap.shell.trace;

import dev.pgmap.shell.session.CommandException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.format.PrintFmt;
import dev.pgmap.trace.format.Style;
import dev.pgmap.trace.replay.TimeMachine;
import java.io.PrintWriter;

/** A walk through a recording: goes where words say, and shows where it is. */
final class Walk {
  private final TraceSource source;
  private final TimeMachine time;
  private final StateText text;

  Walk(TraceSource source, TimeMachine time, PfnRange pfns) {
    this.source = source;
    this.time = time;
    this.text = new StateText(source.clock(), pfns);
  }

  /** Goes to {@code N}, or {@code +N} or {@code -N} from where it is. */
  void goTo(String step) {
    try {
      long number = Long.parseLong(step);
      boolean relative = step.startsWith("+") || step.startsWith("-");
      time.goTo(relative ? Math.max(0, time.now().step() + number) : number);
    } catch (NumberFormatException e) {
      throw CommandException.usage("step '%s': expected a number, +N or -N", step);
    }
  }

  void show(PrintWriter out) {
    if (time.now().step() > 0) {
      StringBuilder event = new StringBuilder();
      PrintFmt.of(time.event().format(), Style.KERNEL).print(time.event(), source.symbols(), event);
      out.printf("%s: %s%n", time.event().format().name(), event);
    }
    text.print(time.now(), out);
  }
}
