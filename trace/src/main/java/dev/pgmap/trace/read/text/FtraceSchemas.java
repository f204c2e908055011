package dev.pgmap.trace.read.text;

import dev.pgmap.trace.format.KernelFormats;
import dev.pgmap.trace.format.KernelSeries;

/** Ftrace's own events: functions, stacks, and what was written to trace_marker. */
final class FtraceSchemas {
  private static final KernelFormats FORMATS = new KernelFormats(KernelSeries.V6_12);

  private FtraceSchemas() {}

  /** {@code function <-parent}, or the function alone. */
  static Schema function(Functions functions) {
    return new Schema(FORMATS.function()) {
      @Override
      void fill(RawEvent raw, Values values) {
        int arrow = raw.body.indexOf("<-");
        values.number(0, functions.address(called(raw.body, arrow)));
        values.number(1, functions.address(caller(raw.body, arrow)));
      }
    };
  }

  private static String called(String body, int arrow) {
    return FunctionText.name(arrow < 0 ? body : body.substring(0, arrow));
  }

  /** The kernel has one dash in its arrow, trace-cmd two. */
  private static String caller(String body, int arrow) {
    if (arrow < 0) {
      return "";
    }
    String text = body.substring(arrow + 2);
    return FunctionText.name(text.startsWith("-") ? text.substring(1) : text);
  }

  /** Notes the functions of a line of the function tracer. */
  static void noteFunctions(RawEvent raw, Functions functions) {
    int arrow = raw.body.indexOf("<-");
    functions.add(called(raw.body, arrow));
    functions.add(caller(raw.body, arrow));
  }

  /** A stack: size and callers. */
  static Schema stack(Functions functions) {
    return new Schema(FORMATS.kernelStack()) {
      @Override
      void fill(RawEvent raw, Values values) {
        values.number(0, raw.frames.size());
        for (String frame : raw.frames) {
          values.element(functions.address(frame));
        }
      }
    };
  }

  /** A message; who wrote it is not told. */
  static Schema print() {
    return new Schema(FORMATS.print()) {
      @Override
      void fill(RawEvent raw, Values values) {
        values.text(1, raw.body);
      }
    };
  }
}
