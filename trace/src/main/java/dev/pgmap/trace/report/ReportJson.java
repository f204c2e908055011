package dev.pgmap.trace.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.Anomaly;
import dev.pgmap.trace.ledger.LedgerReport;
import dev.pgmap.trace.ledger.OutstandingGroup;
import dev.pgmap.trace.ledger.PfnRanges;
import dev.pgmap.trace.ledger.TaskShare;
import dev.pgmap.trace.ledger.Wait;
import java.util.List;
import java.util.Locale;

/**
 * The figures of a report as the page's script reads them. Times are units of the clock since the
 * first event; series of points are arrays, one for each property; pfns are hexadecimal texts.
 */
final class ReportJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** How many tasks of a group are named. */
  private static final int TASKS = 20;

  private final TraceSource source;
  private final ReportLimits limits;
  private final Census census;
  private final ObjectNode root = JSON.objectNode();
  private final ObjectNode comms = root.putObject("comms");
  private final Labels<StackText> stacks = new Labels<>();

  ReportJson(TraceSource source, ReportLimits limits, Census census) {
    this.source = source;
    this.limits = limits;
    this.census = census;
    root.put("source", source.name());
    root.put("clock", source.clock().name());
    root.put("isTime", source.clock().isTime());
    root.put("first", Long.toUnsignedString(census.first()));
    root.put("span", census.last() - census.first());
    summary(root.putObject("summary"));
    kinds(root.putArray("kinds"));
  }

  private void summary(ObjectNode to) {
    to.put("events", census.events());
    to.put("kinds", census.kinds().size());
    to.put("tasks", census.nrTasks());
    to.put("cpus", source.nrCpus());
    to.put("lost", census.lost());
    to.put("gaps", census.gaps());
    to.put("lostUncounted", census.isLostUncounted());
  }

  private void kinds(ArrayNode to) {
    census.kinds().entrySet().stream()
        .limit(limits.kinds())
        .forEach(kind -> to.addArray().add(kind.getKey()).add(kind.getValue()));
  }

  /** What the ledger found. */
  void ledger(LedgerReport report) {
    ObjectNode to = root.putObject("ledger");
    to.put("changes", report.summary().changes());
    to.put("pages", report.summary().pages());
    to.put("stacks", report.summary().stacks());
    to.put("calls", report.summary().calls());
    to.put("moved", report.summary().moved());
    to.put("heldBefore", report.heldBefore());
    to.set("before", pfns(report.before()));
    ArrayNode groups = to.putArray("groups");
    report.groups().stream().limit(limits.groups()).forEach(one -> groups.add(group(one)));
    ArrayNode anomalies = to.putArray("anomalies");
    report.anomalies().stream().limit(limits.groups()).forEach(one -> anomalies.add(anomaly(one)));
    ArrayNode waits = to.putArray("waits");
    report.waits().stream().limit(limits.groups()).forEach(one -> waits.add(wait(one)));
  }

  private ObjectNode group(OutstandingGroup group) {
    ObjectNode to = JSON.objectNode();
    to.put("kind", word(group.kind()));
    to.put("kindNote", group.kind().text());
    to.put("holding", word(group.holding()));
    to.put("stack", stacks.of(new StackText(group.stack(), group.stackIsHint())));
    to.put("amount", group.amount());
    to.put("refs", group.refs());
    to.put("pages", group.nrPages());
    to.set("pfns", pfns(group.pfns()));
    to.put("oldest", since(group.oldest()));
    to.put("newest", since(group.newest()));
    to.put("certainty", group.certainty().text());
    ObjectNode byCertainty = to.putObject("byCertainty");
    group.byCertainty().entrySet().stream()
        .sorted(java.util.Map.Entry.comparingByKey())
        .forEach(entry -> byCertainty.put(entry.getKey().text(), entry.getValue()));
    to.set("tasks", tasks(group.tasks()));
    to.put("nrTasks", group.tasks().size());
    return to;
  }

  private ObjectNode anomaly(Anomaly anomaly) {
    ObjectNode to = JSON.objectNode();
    to.put("kind", anomaly.kind().text());
    to.put("error", anomaly.kind().isError());
    to.put("stack", stacks.of(new StackText(anomaly.stack(), anomaly.stackIsHint())));
    to.put(
        "previous",
        stacks.of(new StackText(anomaly.previousStack(), anomaly.previousStackIsHint())));
    to.set("tasks", tasks(anomaly.tasks()));
    to.set("previousTasks", tasks(anomaly.previousTasks()));
    to.put("amount", anomaly.amount());
    to.put("times", anomaly.times());
    to.put("pages", anomaly.pfns().nrPages());
    to.set("pfns", pfns(anomaly.pfns()));
    to.put("first", since(anomaly.first()));
    to.put("certainty", anomaly.certainty().text());
    return to;
  }

  private ObjectNode wait(Wait wait) {
    ObjectNode to = JSON.objectNode();
    to.put("what", word(wait.what()));
    to.put("by", wait.by());
    TaskShare task = wait.task();
    to.put("task", task == null ? "" : task.name());
    to.put("since", since(wait.since()));
    to.set("pfns", pfns(wait.pfns()));
    to.put("detail", wait.detail());
    return to;
  }

  private static ArrayNode tasks(List<TaskShare> shares) {
    ArrayNode to = JSON.arrayNode();
    shares.stream()
        .limit(TASKS)
        .forEach(share -> to.addArray().add(share.name()).add(share.amount()));
    return to;
  }

  /** Pairs of first and last pfn; the number of all ranges where some are left out. */
  private ObjectNode pfns(PfnRanges ranges) {
    ObjectNode to = JSON.objectNode();
    ArrayNode shown = to.putArray("ranges");
    for (int i = 0; i < Math.min(ranges.size(), limits.ranges()); i++) {
      shown.addArray().add(hex(ranges.firsts().get(i))).add(hex(ranges.lasts().get(i)));
    }
    to.put("nrRanges", ranges.size());
    return to;
  }

  /** The timelines of pages. */
  void timelines(Timelines timelines) {
    ArrayNode to = root.putArray("pages");
    timelines
        .byPfn()
        .forEach((pfn, series) -> {
          ObjectNode page = to.addObject();
          page.put("pfn", hex(pfn));
          page.put("changes", series.added());
          points(series.points(), timelines, page);
        });
  }

  private void points(List<Point> points, Timelines timelines, ObjectNode to) {
    ArrayNode t = to.putArray("t");
    ArrayNode count = to.putArray("count");
    ArrayNode known = to.putArray("known");
    ArrayNode kind = to.putArray("kind");
    ArrayNode val = to.putArray("val");
    ArrayNode ret = to.putArray("ret");
    ArrayNode pid = to.putArray("pid");
    ArrayNode cpu = to.putArray("cpu");
    ArrayNode stack = to.putArray("stack");
    for (Point point : points) {
      t.add(since(point.stamp()));
      count.add(point.count());
      known.add(point.known() ? 1 : 0);
      kind.add(point.kind().shortName());
      val.add(point.val());
      if (point.kind().hasResult()) {
        ret.add(point.ret());
      } else {
        ret.addNull();
      }
      pid.add(pid(point.pid()));
      cpu.add(point.cpu());
      stack.add(stacks.of(timelines.stackOf(point, source.symbols())));
    }
  }

  /** The lanes of tasks. */
  void lanes(Lanes lanes) {
    ArrayNode to = root.putArray("tasks");
    for (Lane lane : lanes.all()) {
      ObjectNode task = to.addObject();
      task.put("pid", pid(lane.pid()));
      task.put("events", census.eventsOf(lane.pid()));
      task.put("nrRefs", lane.refs().added());
      marks(lane.refs().kept(), task.putObject("refs"));
      marks(lane.others().kept(), task.putObject("others"));
    }
    ArrayNode labels = root.putArray("labels");
    lanes.labels().forEach(labels::add);
  }

  private void marks(List<Mark> marks, ObjectNode to) {
    ArrayNode t = to.putArray("t");
    ArrayNode label = to.putArray("label");
    ArrayNode pfn = to.putArray("pfn");
    ArrayNode val = to.putArray("val");
    for (Mark mark : marks) {
      t.add(since(mark.stamp()));
      label.add(mark.label());
      if (mark.pfn() != Mark.NO_PFN) {
        pfn.add(hex(mark.pfn()));
        val.add(mark.val());
      }
    }
  }

  /** What was left out. */
  void leftOut(List<String> sentences) {
    ArrayNode to = root.putArray("leftOut");
    sentences.forEach(to::add);
  }

  /** All of it. */
  ObjectNode done() {
    ArrayNode to = root.putArray("stacks");
    for (StackText stack : stacks.all()) {
      ObjectNode one = to.addObject();
      ArrayNode functions = one.putArray("functions");
      stack.functions().forEach(functions::add);
      one.put("hint", stack.hint());
    }
    return root;
  }

  private int pid(int pid) {
    comms.put(Integer.toString(pid), source.comms().of(pid));
    return pid;
  }

  private long since(long stamp) {
    return stamp - census.first();
  }

  private static String hex(long pfn) {
    return "0x" + Long.toHexString(pfn);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
