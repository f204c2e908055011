package dev.pgmap.shell.guptest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.pgmap.shell.format.JsonText;
import java.io.PrintWriter;

/** One JSON array with an object for each repeat of each thread. */
final class JsonOutput extends GupTestOutput {
  private final ArrayNode results = JsonText.array();

  JsonOutput(PrintWriter out, GupTestPlan plan) {
    super(out, plan);
  }

  @Override
  void begin() {}

  @Override
  synchronized void result(GupTestResult result) {
    results
        .addObject()
        .put("command", plan().ioctl().name())
        .put("get_usec", result.getUsec())
        .put("put_usec", result.putUsec())
        .put("size", result.bytes())
        .put("truncated", isTruncated(result));
  }

  @Override
  void threadEnded(boolean ok) {}

  @Override
  synchronized void end() {
    out().println(JsonText.of(results));
  }
}
