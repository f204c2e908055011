package dev.pgmap.trace.format;

import dev.pgmap.trace.event.EventFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The catalog of the kernel's own events that our recordings hold: names, fields, offsets and print
 * formats are those of the kernel series, constants in the print formats are numbers.
 *
 * <p>A kernel leaves names of enums in its formats, which its readers cannot resolve; written as
 * numbers they decode everywhere. Immutable.
 */
public final class KernelFormats {
  private final KernelSeries series;
  private final Map<String, FormatSpec> specs = new LinkedHashMap<>();

  /** The formats of a series. */
  public KernelFormats(KernelSeries series) {
    this.series = series;
    add(PageRefFormats.of(series));
    add(DaxFormats.of(series));
    add(MigrateFormats.of(series));
    add(FailureFormats.of(series));
  }

  private void add(List<FormatSpec> some) {
    some.forEach(spec -> specs.put(spec.system() + ":" + spec.name(), spec));
  }

  /** The names, {@code system:event}, of all but ftrace's own events, in the catalog's order. */
  public List<String> names() {
    return List.copyOf(specs.keySet());
  }

  /** Whether the series has an event of that name. */
  public boolean has(String system, String event) {
    return specs.containsKey(system + ":" + event);
  }

  /**
   * The format of an event, under the id that the caller gives it.
   *
   * @throws IllegalArgumentException if the series has no such event
   */
  public EventFormat format(String system, String event, int id) {
    FormatSpec spec = specs.get(system + ":" + event);
    if (spec == null) {
      throw new IllegalArgumentException(
          "event %s:%s: kernel series %s has none".formatted(system, event, series));
    }
    return spec.withId(id);
  }

  /** All formats but ftrace's own, with ids from {@code firstId} on. */
  public List<EventFormat> all(int firstId) {
    List<EventFormat> formats = new ArrayList<>();
    for (FormatSpec spec : specs.values()) {
      formats.add(spec.withId(firstId + formats.size()));
    }
    return formats;
  }

  /** Ftrace's own events, with the ids that they have in every kernel. */
  public List<EventFormat> ftrace() {
    return List.of(function(), kernelStack(), print(), funcgraphExit(), funcgraphEntry());
  }

  /** {@code ftrace:function}, id 1: a traced function was entered. */
  public EventFormat function() {
    return FtraceFormats.function(series.traits().ftrace());
  }

  /** {@code ftrace:kernel_stack}, id 4; a record may hold more or fewer callers than eight. */
  public EventFormat kernelStack() {
    return FtraceFormats.kernelStack();
  }

  /** {@code ftrace:print}, id 5: a line written to trace_marker. */
  public EventFormat print() {
    return FtraceFormats.print();
  }

  /** {@code ftrace:funcgraph_entry}, id 11. */
  public EventFormat funcgraphEntry() {
    return FtraceFormats.entry(series.traits().ftrace());
  }

  /** {@code ftrace:funcgraph_exit}, id 10. */
  public EventFormat funcgraphExit() {
    return FtraceFormats.exit(series.traits().ftrace());
  }

  /**
   * The kinds of page that {@code memory_failure_event} may name, by the value of its field {@code
   * type}; an empty name is a value that this series does not use.
   */
  public List<String> memoryFailureTypes() {
    return series.traits().failureTypes();
  }

  /** What {@code memory_failure_event} may say, by the value of its field {@code result}. */
  public List<String> memoryFailureResults() {
    return FailureFormats.RESULTS;
  }

  /**
   * The text of {@code events/header_page}.
   *
   * @param subBufferBytes of a ring buffer page, header included
   */
  public static String headerPage(int subBufferBytes) {
    return "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
        + "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
        + "\tfield: char overwrite;\toffset:8;\tsize:1;\tsigned:0;\n"
        + "\tfield: char data;\toffset:16;\tsize:%d;\tsigned:0;\n".formatted(subBufferBytes - 16);
  }

  /** The text of {@code events/header_event}. */
  public static String headerEvent() {
    return """
    # compressed entry header
    \ttype_len    :    5 bits
    \ttime_delta  :   27 bits
    \tarray       :   32 bits

    \tpadding     : type == 29
    \ttime_extend : type == 30
    \ttime_stamp : type == 31
    \tdata max type_len  == 28
    """;
  }
}
