package dev.pgmap.trace.report;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.refs.CallTracker;
import dev.pgmap.trace.refs.PageRef;
import dev.pgmap.trace.refs.PageRefDecoder;
import dev.pgmap.trace.refs.StackReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the lanes of some tasks in one pass. For one thread. */
final class Lanes {
  private final TraceSource source;
  private final PageRefDecoder decoder;
  private final PageRef ref = new PageRef();
  private final Map<Integer, Lane> lanes = new LinkedHashMap<>();
  private final Labels<String> labels = new Labels<>();
  private final Map<Long, Integer> functions = new HashMap<>();

  private Lanes(TraceSource source, List<Integer> pids, int marks) {
    this.source = source;
    decoder = new PageRefDecoder(source.events());
    pids.forEach(pid -> lanes.put(pid, new Lane(pid, new Marks(marks), new Marks(marks))));
  }

  /** The lanes of some tasks, each with at most so many marks of both sorts. */
  static Lanes of(TraceSource source, List<Integer> pids, int marks) {
    Lanes lanes = new Lanes(source, pids, marks);
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        lanes.add(cursor.event());
      }
    }
    return lanes;
  }

  /** The lanes in the order of the pids. */
  List<Lane> all() {
    return new ArrayList<>(lanes.values());
  }

  /** The texts that marks refer to. */
  List<String> labels() {
    return labels.all();
  }

  private void add(TraceEvent event) {
    Lane lane = lanes.get(event.pid());
    if (lane == null || StackReader.isStack(event.format())) {
      return;
    }
    boolean isRef = decoder.decode(event, ref);
    Marks marks = isRef ? lane.refs() : lane.others();
    if (!marks.wantsNext()) {
      marks.skip();
    } else if (isRef) {
      marks.add(new Mark(event.timestamp(), name(event), ref.pfn(), ref.val()));
    } else {
      marks.add(new Mark(event.timestamp(), name(event), Mark.NO_PFN, 0));
    }
  }

  /** A function's own name says more than that of its event. */
  private int name(TraceEvent event) {
    EventFormat format = event.format();
    EventField ip = CallTracker.isCall(format) ? format.field("ip") : null;
    return ip == null
        ? labels.of(format.name())
        : functions.computeIfAbsent(event.number(ip), this::function);
  }

  private int function(long address) {
    Symbols symbols = source.symbols();
    String name = symbols.nameOf(address);
    return labels.of(name == null ? "0x" + Long.toHexString(address) : name + "()");
  }
}
