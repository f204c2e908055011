package dev.pgmap.shell.guptest;

import dev.pgmap.core.machine.GupTestTraits.Output;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** How the results are printed. Thread-safe: each call prints whole lines. */
abstract class GupTestOutput {
  private final PrintWriter out;
  private final GupTestPlan plan;

  GupTestOutput(PrintWriter out, GupTestPlan plan) {
    this.out = out;
    this.plan = plan;
  }

  /** The form of that era's tool; null for JSON. */
  static GupTestOutput of(@Nullable Output form, PrintWriter out, GupTestPlan plan) {
    if (form == null) {
      return new JsonOutput(out, plan);
    }
    return switch (form) {
      case BARE -> new PlainOutput(out, plan, false);
      case NAMED -> new PlainOutput(out, plan, true);
      case TAP -> new TapOutput(out, plan);
    };
  }

  final PrintWriter out() {
    return out;
  }

  final GupTestPlan plan() {
    return plan;
  }

  final boolean isTruncated(GupTestResult result) {
    return result.bytes() != plan.bytes();
  }

  abstract void begin();

  abstract void result(GupTestResult result);

  abstract void threadEnded(boolean ok);

  abstract void end();
}
