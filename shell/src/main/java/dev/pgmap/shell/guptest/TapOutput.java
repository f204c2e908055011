package dev.pgmap.shell.guptest;

import java.io.PrintWriter;

/**
 * The lines of kernels from 6.12 on, in the kselftest form of TAP.
 *
 * <p>Each piece that the tool prints begins with {@code "# "}, also one that continues a line.
 */
final class TapOutput extends GupTestOutput {
  private int nrPassed;
  private int nrFailed;

  TapOutput(PrintWriter out, GupTestPlan plan) {
    super(out, plan);
  }

  @Override
  synchronized void begin() {
    out().println("TAP version 13");
    out().println("1.." + plan().nrThreads());
  }

  @Override
  synchronized void result(GupTestResult result) {
    String truncated = "runcated (size: " + result.bytes() + ")";
    if (plan().ioctl().isTimed()) {
      out()
          .println(
              "# %s: Time: get:%d put:%d us%s# "
                  .formatted(
                      plan().ioctl(),
                      result.getUsec(),
                      result.putUsec(),
                      isTruncated(result) ? "# , t" + truncated : ""));
    } else {
      out().println("# " + plan().ioctl() + ": done");
      if (isTruncated(result)) {
        out().println("# T" + truncated);
      }
    }
  }

  @Override
  synchronized void threadEnded(boolean ok) {
    nrPassed += ok ? 1 : 0;
    nrFailed += ok ? 0 : 1;
    int number = nrPassed + nrFailed;
    out().println("%s %d ioctl status %d".formatted(ok ? "ok" : "not ok", number, ok ? 0 : -1));
  }

  @Override
  synchronized void end() {
    int nrRun = nrPassed + nrFailed;
    if (nrRun != plan().nrThreads()) {
      out().println("# Planned tests != run tests (%d != %d)".formatted(plan().nrThreads(), nrRun));
    }
    out()
        .println(
            "# Totals: pass:%d fail:%d xfail:0 xpass:0 skip:0 error:0"
                .formatted(nrPassed, nrFailed));
  }
}
