package dev.pgmap.trace.tracefs;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.format.KernelFormats;
import dev.pgmap.trace.record.FrozenLane;
import dev.pgmap.trace.tracer.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The directory {@code events}. */
final class EventTree {
  private static final String FTRACE = "ftrace";

  private final Tracer tracer;
  private final EventSwitches switches;
  private final EventFilters filters;
  private final EventTriggers triggers;

  EventTree(Tracer tracer, EventSwitches switches, EventFilters filters, EventTriggers triggers) {
    this.tracer = tracer;
    this.switches = switches;
    this.filters = filters;
    this.triggers = triggers;
  }

  /** Made at each look: a module that is loaded brings its own events. */
  Folder folder() {
    return new Folder(this::nodes);
  }

  private SortedMap<String, Node> nodes() {
    Map<String, List<EventFormat>> bySystem = new TreeMap<>();
    for (EventFormat format : tracer.table().all()) {
      bySystem.computeIfAbsent(format.system(), unused -> new ArrayList<>()).add(format);
    }
    SortedMap<String, Node> nodes = new TreeMap<>();
    bySystem.forEach((name, formats) -> nodes.put(name, system(name, formats)));
    nodes.put("enable", switches.ofAll(tracer.events()));
    nodes.put("header_event", ControlFile.readOnly(KernelFormats::headerEvent));
    nodes.put(
        "header_page",
        ControlFile.readOnly(() -> KernelFormats.headerPage(FrozenLane.pageBytes())));
    return nodes;
  }

  private Folder system(String name, List<EventFormat> formats) {
    Map<String, Node> nodes = new TreeMap<>();
    formats.forEach(format -> nodes.put(format.name(), event(format)));
    if (!name.equals(FTRACE)) {
      nodes.put("enable", switches.ofAll(formats));
      nodes.put("filter", filters.ofSystem(name, formats));
    }
    return Folder.of(nodes);
  }

  private Folder event(EventFormat format) {
    Map<String, Node> nodes = new TreeMap<>();
    nodes.put("format", ControlFile.readOnly(format::toText));
    nodes.put("id", ControlFile.readOnly(() -> format.id() + "\n"));
    if (!format.system().equals(FTRACE)) {
      nodes.put("enable", switches.ofEvent(format));
      nodes.put("filter", filters.ofEvent(format));
      nodes.put("trigger", triggers.triggerFile(format));
      nodes.put("hist", triggers.histFile(format));
    }
    return Folder.of(nodes);
  }
}
