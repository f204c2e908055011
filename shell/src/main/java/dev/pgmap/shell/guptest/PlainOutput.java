package dev.pgmap.shell.guptest;

import java.io.PrintWriter;

/** The lines of kernels up to 6.1. */
final class PlainOutput extends GupTestOutput {
  private final boolean named;

  /**
   * Lines with or without the name of the command; without it (up to 5.10) every command is timed.
   */
  PlainOutput(PrintWriter out, GupTestPlan plan, boolean named) {
    super(out, plan);
    this.named = named;
  }

  @Override
  void begin() {}

  @Override
  synchronized void result(GupTestResult result) {
    String name = named ? plan().ioctl() + ": " : "";
    String truncated = "runcated (size: " + result.bytes() + ")";
    if (named && !plan().ioctl().isTimed()) {
      out().println(name + "done");
      if (isTruncated(result)) {
        out().println("T" + truncated);
      }
    } else {
      out()
          .println(
              "%sTime: get:%d put:%d us%s"
                  .formatted(
                      name,
                      result.getUsec(),
                      result.putUsec(),
                      isTruncated(result) ? ", t" + truncated : ""));
    }
  }

  @Override
  void threadEnded(boolean ok) {}

  @Override
  void end() {}
}
