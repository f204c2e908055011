package dev.pgmap.shell.trace;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pgmap.shell.format.JsonText;
import dev.pgmap.trace.ledger.Anomaly;
import dev.pgmap.trace.ledger.LedgerReport;
import dev.pgmap.trace.ledger.OutstandingGroup;
import dev.pgmap.trace.ledger.PfnRanges;
import dev.pgmap.trace.ledger.TaskShare;
import dev.pgmap.trace.ledger.Wait;
import java.util.List;
import java.util.Locale;

/** A ledger's report for a program. Stamps and ages are in units of the recording's clock. */
final class LeaksJson {
  private LeaksJson() {}

  static ObjectNode of(LedgerReport report, List<OutstandingGroup> shown) {
    long end = report.summary().last();
    ObjectNode node = JsonText.object();
    node.put("clock", report.summary().clock().name())
        .put("first", report.summary().first())
        .put("last", end)
        .put("changes", report.summary().changes())
        .put("pages", report.summary().pages())
        .put("gaps", report.summary().gaps())
        .put("moved", report.summary().moved());
    ArrayNode groups = node.putArray("outstanding");
    shown.forEach(group -> groups.add(group(group, end)));
    ArrayNode anomalies = node.putArray("anomalies");
    report.anomalies().forEach(anomaly -> anomalies.add(anomaly(anomaly)));
    ArrayNode waits = node.putArray("waits");
    report.waits().forEach(wait -> waits.add(wait(wait)));
    ObjectNode before = node.putObject("held_from_before");
    before.put("references", report.heldBefore());
    before.set("pfns", pfns(report.before()));
    return node;
  }

  private static ObjectNode group(OutstandingGroup group, long end) {
    ObjectNode node = JsonText.object();
    node.put("kind", lower(group.kind()))
        .put("holding", lower(group.holding()))
        .put("amount", group.amount())
        .put("refs", group.refs())
        .put("nr_pages", group.nrPages());
    node.set("pfns", pfns(group.pfns()));
    node.put("oldest", group.oldest())
        .put("newest", group.newest())
        .put("age", end - group.oldest())
        .put("certainty", lower(group.certainty()));
    ObjectNode certainties = node.putObject("by_certainty");
    group.byCertainty().forEach((certainty, amount) -> certainties.put(lower(certainty), amount));
    node.set("tasks", tasks(group.tasks()));
    node.put("stack_is_hint", group.stackIsHint());
    node.set("stack", strings(group.stack()));
    return node;
  }

  private static ObjectNode anomaly(Anomaly anomaly) {
    ObjectNode node = JsonText.object();
    node.put("kind", lower(anomaly.kind()))
        .put("error", anomaly.kind().isError())
        .put("times", anomaly.times())
        .put("amount", anomaly.amount())
        .put("first", anomaly.first())
        .put("certainty", lower(anomaly.certainty()));
    node.set("pfns", pfns(anomaly.pfns()));
    node.set("tasks", tasks(anomaly.tasks()));
    node.set("stack", strings(anomaly.stack()));
    node.set("previous_tasks", tasks(anomaly.previousTasks()));
    node.set("previous_stack", strings(anomaly.previousStack()));
    return node;
  }

  private static ObjectNode wait(Wait wait) {
    ObjectNode node = JsonText.object();
    node.put("what", lower(wait.what())).put("by", wait.by()).put("since", wait.since());
    TaskShare task = wait.task();
    if (task != null) {
      node.put("task", task.name());
    }
    node.put("detail", wait.detail());
    node.set("pfns", pfns(wait.pfns()));
    return node;
  }

  private static ArrayNode pfns(PfnRanges ranges) {
    ArrayNode all = JsonText.array();
    for (int i = 0; i < ranges.size(); i++) {
      all.addObject().put("first", ranges.firsts().get(i)).put("last", ranges.lasts().get(i));
    }
    return all;
  }

  private static ArrayNode tasks(List<TaskShare> tasks) {
    ArrayNode all = JsonText.array();
    for (TaskShare task : tasks) {
      all.addObject().put("pid", task.pid()).put("comm", task.comm()).put("amount", task.amount());
    }
    return all;
  }

  private static ArrayNode strings(List<String> texts) {
    ArrayNode all = JsonText.array();
    texts.forEach(all::add);
    return all;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
