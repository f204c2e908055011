package dev.pgmap.trace.testing;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.EventTable;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceClock;
import dev.pgmap.trace.event.TraceSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a recording in memory.
 *
 * <pre>{@code
 * TraceSource source =
 *     new SourceBuilder()
 *         .comm(42, "gup_test")
 *         .event("page_ref_mod", 0, 42, 1_000, "pfn", 0x70200, "count", 2, "val", 1)
 *         .stack("try_grab_folio", "gup_fast", "pin_user_pages_fast")
 *         .text("gup_test-42 [001] d.... 1.000002: page_ref_mod: pfn=0x70200 flags=head val=-1")
 *         .build();
 * }</pre>
 *
 * <p>Fields that are not stated are 0 or empty. Events may be stated in any order: they are sorted
 * by time, and those of one time stay as stated.
 */
public final class SourceBuilder {
  /** Where the first made-up function lies, and how far they are apart. */
  public static final long FIRST_FUNCTION = 0xffffffff81000000L;

  /** Bytes of a made-up function. */
  public static final long FUNCTION_BYTES = 0x100;

  private final Map<String, EventFormat> formats = new HashMap<>();
  private final List<EventFormat> formatOrder = new ArrayList<>();
  private final Map<Integer, String> comms = new HashMap<>();
  private final Map<String, Long> functions = new HashMap<>();
  private final List<List<BuiltEvent>> groups = new ArrayList<>();
  private TraceClock clock = TraceClock.named("mono");
  private String name = "built";
  private int nrCpus = 1;

  /** A recording without events, which knows {@link TestFormats#all}. */
  public SourceBuilder() {
    TestFormats.all().forEach(this::format);
  }

  /** What messages call the source. */
  public SourceBuilder name(String sourceName) {
    this.name = sourceName;
    return this;
  }

  /** The clock, by name; {@code mono} if nobody says. */
  public SourceBuilder clock(String clockName) {
    this.clock = TraceClock.named(clockName);
    return this;
  }

  /** At least so many cpus; as many as the events need otherwise. */
  public SourceBuilder cpus(int atLeast) {
    nrCpus = Math.max(nrCpus, atLeast);
    return this;
  }

  /** One more format; events can be stated by its name, with or without its system. */
  public SourceBuilder format(EventFormat format) {
    formatOrder.removeIf(known -> known.id() == format.id());
    formatOrder.add(format);
    formats.put(format.fullName(), format);
    formats.put(format.name(), format);
    return this;
  }

  /** The name of a task. */
  public SourceBuilder comm(int pid, String comm) {
    comms.put(pid, comm);
    return this;
  }

  /** A function that no stack mentions; see {@link #function}. */
  public SourceBuilder symbol(String function) {
    function(function);
    return this;
  }

  /** The address that a function got or now gets: they are made up in order of first mention. */
  public long function(String function) {
    return functions.computeIfAbsent(
        function, unused -> FIRST_FUNCTION + functions.size() * FUNCTION_BYTES);
  }

  /**
   * An event.
   *
   * @param eventName with or without the system
   * @param stamp in units of the clock
   * @param namesAndValues names of fields, each followed by its value: a number, a text or a long[]
   * @throws IllegalArgumentException if there is no such event or field
   */
  public SourceBuilder event(
      String eventName, int cpu, int pid, long stamp, Object... namesAndValues) {
    EventFormat format = formats.get(eventName);
    if (format == null) {
      throw new IllegalArgumentException("event '%s': no such format".formatted(eventName));
    }
    cpus(cpu + 1);
    BuiltEvent event = new BuiltEvent(format, stamp, cpu, pid);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      put(event, (String) namesAndValues[i], namesAndValues[i + 1]);
    }
    groups.add(new ArrayList<>(List.of(event)));
    return this;
  }

  /** The stack of the event stated last, innermost function first: an event right after it. */
  public SourceBuilder stack(String... names) {
    BuiltEvent of = last();
    EventFormat format = formats.get("ftrace:kernel_stack");
    BuiltEvent stack = new BuiltEvent(format, of.timestamp, of.cpu, of.pid);
    long[] callers = new long[names.length];
    for (int i = 0; i < names.length; i++) {
      callers[i] = function(names[i]);
    }
    stack.values.put("size", (long) names.length);
    stack.values.put("caller", callers);
    stack.buffer = of.buffer;
    groups.getLast().add(stack);
    return this;
  }

  /** The {@code common_flags} and {@code common_preempt_count} of the event stated last. */
  public SourceBuilder flags(int flags, int preemptCount) {
    last().flags = flags;
    last().preemptCount = preemptCount;
    return this;
  }

  /** How many events were lost before the event stated last. */
  public SourceBuilder lost(long events) {
    last().lost = events;
    return this;
  }

  /** The buffer of the event stated last. */
  public SourceBuilder buffer(String bufferName) {
    last().buffer = bufferName;
    return this;
  }

  /** Page_ref events as lines of {@code trace}; stacks as lines of {@code => function}. */
  public SourceBuilder text(String lines) {
    new PageRefText(this).addAll(lines);
    return this;
  }

  /** The recording. The builder can go on. */
  public TraceSource build() {
    groups.sort(Comparator.comparingLong(group -> group.getFirst().timestamp));
    List<BuiltEvent> all = new ArrayList<>();
    groups.forEach(all::addAll);
    Comms names = new Comms(comms);
    all.forEach(event -> event.comms = names);
    return new BuiltSource(
        name, new EventTable(formatOrder), symbols(), names, clock, nrCpus, List.copyOf(all));
  }

  private Symbols symbols() {
    Map<Long, String> byAddress = new HashMap<>();
    functions.forEach((function, address) -> byAddress.put(address, function));
    if (!functions.isEmpty()) {
      byAddress.put(FIRST_FUNCTION + functions.size() * FUNCTION_BYTES, "end_of_functions");
    }
    return new Symbols(byAddress);
  }

  private BuiltEvent last() {
    if (groups.isEmpty()) {
      throw new IllegalStateException("state an event first");
    }
    return groups.getLast().getFirst();
  }

  private static void put(BuiltEvent event, String field, Object value) {
    if (event.format.field(field) == null) {
      throw new IllegalArgumentException(
          "event %s: has no field '%s'".formatted(event.format, field));
    }
    event.values.put(
        field,
        switch (value) {
          case Number number -> number.longValue();
          case String text -> text;
          case long[] elements -> elements.clone();
          default -> throw new IllegalArgumentException(field + ": a number, text or long[]");
        });
  }
}
