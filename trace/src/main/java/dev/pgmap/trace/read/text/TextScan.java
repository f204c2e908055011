package dev.pgmap.trace.read.text;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.EventTable;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.format.KernelFormats;
import dev.pgmap.trace.format.KernelSeries;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The first pass over a text: which events with which fields, tasks, functions and cpus there are.
 * For one thread.
 */
final class TextScan {
  private static final int FIRST_KERNEL_ID = 1001;
  private static final int FIRST_FREE_ID = 2001;
  private static final int MAX_EVENTS = 4096;
  private static final int MAX_TASKS = 1 << 20;
  private static final String UNKNOWN_SYSTEM = "text";

  /** Events of the newest kernel, by their names with and without the system. */
  private static final Map<String, EventFormat> CATALOG = catalog();

  private final String source;
  private final Functions functions;
  private final Map<Integer, String> comms = new HashMap<>();
  private final Map<String, EventSketch> sketches = new LinkedHashMap<>();
  private boolean hasFunctions;
  private boolean hasStacks;
  private boolean hasMessages;
  private int nrCpus = 1;

  private TextScan(String source) {
    this.source = source;
    this.functions = new Functions(source);
  }

  private static Map<String, EventFormat> catalog() {
    Map<String, EventFormat> catalog = new HashMap<>();
    for (EventFormat format : new KernelFormats(KernelSeries.V7_2).all(FIRST_KERNEL_ID)) {
      catalog.put(format.name(), format);
      catalog.put(format.fullName(), format);
    }
    return Map.copyOf(catalog);
  }

  /**
   * Goes through a text.
   *
   * @throws TraceException if it has lines but none of them is an event, or something that no trace
   *     has
   */
  static TextModel of(RawEvents events, String source) {
    TextScan scan = new TextScan(source);
    long count = 0;
    while (events.next()) {
      count++;
      scan.add(events.event());
    }
    if (count == 0 && events.skipped() > 0) {
      throw new TraceException(
          source,
          "no event in %d lines".formatted(events.lines()),
          "lines of events",
          events.advice());
    }
    return scan.model(events);
  }

  private void add(RawEvent raw) {
    nrCpus = Math.max(nrCpus, raw.cpu + 1);
    addTask(raw);
    raw.frames.forEach(functions::add);
    hasStacks |= raw.isStack() || !raw.frames.isEmpty();
    switch (TextModel.key(raw)) {
      case RawEvent.FUNCTION -> {
        hasFunctions = true;
        FtraceSchemas.noteFunctions(raw, functions);
      }
      case RawEvent.PRINT -> hasMessages = true;
      case RawEvent.STACK -> {}
      default -> sketch(raw);
    }
  }

  private void addTask(RawEvent raw) {
    if (comms.size() < MAX_TASKS && !raw.comm.equals(Comms.UNKNOWN)) {
      comms.put(raw.pid, raw.comm);
    }
  }

  private void sketch(RawEvent raw) {
    String key = TextModel.key(raw);
    EventSketch sketch = sketches.get(key);
    if (sketch == null) {
      if (sketches.size() == MAX_EVENTS) {
        throw TraceException.atLine(
            source,
            raw.line,
            "more than %d different events".formatted(MAX_EVENTS),
            "fewer",
            "it is no trace");
      }
      EventFormat known = CATALOG.get(key);
      sketch = new EventSketch(known == null ? null : new KernelSchema(known));
      sketches.put(key, sketch);
    }
    TextModel.findFields(raw);
    sketch.add(raw.fields);
  }

  private TextModel model(RawEvents events) {
    Map<String, Schema> schemas = new HashMap<>();
    List<EventFormat> formats = new ArrayList<>();
    addFtrace(schemas, formats);
    int id = FIRST_FREE_ID;
    for (Map.Entry<String, EventSketch> sketch : sketches.entrySet()) {
      Schema schema = sketch.getValue().schema(system(sketch.getKey()), name(sketch.getKey()), id);
      id++;
      schemas.put(sketch.getKey(), schema);
      formats.add(schema.format());
    }
    return new TextModel(
        new EventTable(formats),
        schemas,
        functions,
        functions.symbols(),
        new Comms(comms),
        events.counts(),
        Math.max(nrCpus, events.nrCpus()),
        events.skipped(),
        events.firstSkipped());
  }

  private void addFtrace(Map<String, Schema> schemas, List<EventFormat> formats) {
    if (hasFunctions) {
      add(RawEvent.FUNCTION, FtraceSchemas.function(functions), schemas, formats);
    }
    if (hasStacks) {
      add(RawEvent.STACK, FtraceSchemas.stack(functions), schemas, formats);
    }
    if (hasMessages) {
      add(RawEvent.PRINT, FtraceSchemas.print(), schemas, formats);
    }
  }

  private static void add(
      String key, Schema schema, Map<String, Schema> schemas, List<EventFormat> formats) {
    schemas.put(key, schema);
    formats.add(schema.format());
  }

  private String system(String key) {
    int colon = key.indexOf(':');
    EventFormat known = CATALOG.get(key);
    return colon >= 0 ? key.substring(0, colon) : known != null ? known.system() : UNKNOWN_SYSTEM;
  }

  private static String name(String key) {
    return key.substring(key.indexOf(':') + 1);
  }
}
