package dev.pgmap.trace.tracer;

import dev.pgmap.api.trace.TraceHook;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.EventTable;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.format.KernelFormats;
import dev.pgmap.trace.format.KernelSeries;
import dev.pgmap.trace.record.EventSlot;
import dev.pgmap.trace.record.FrozenLane;
import dev.pgmap.trace.record.FunctionTracing;
import dev.pgmap.trace.record.GraphLimits;
import dev.pgmap.trace.record.Recorder;
import dev.pgmap.trace.record.TakenRings;
import dev.pgmap.trace.weave.Probe;
import dev.pgmap.trace.weave.ProbeScanner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Traces one machine.
 *
 * <p>An event that is enabled, or that something hangs on, has recording woven into its method; any
 * other has none. The traced functions are woven while a function tracer runs or while stacks are
 * wanted. {@code tracing_on} switches recording without touching code. Thread-safe.
 */
public final class Tracer implements AutoCloseable {
  private static final int FIRST_ID = 300;
  private static final String FAILURE = "memory_failure:memory_failure_event";
  private static final String OLD_FAILURE_SYSTEM = "ras";

  private static final String ENGINE = Machine.class.getPackageName().replace("machine", "");

  private final KernelLog log;
  private final Probes probes;
  private final Recorder recorder;
  private final KernelFormats formats;
  private final Map<String, EventSlot> slots = new ConcurrentSkipListMap<>();
  private final EventSlot function;
  private final EventSlot graphEntry;
  private final EventSlot graphExit;
  private final EventSlot print;
  private volatile EventTable table;
  private FunctionTracing.@Nullable Kind kind;
  private Predicate<String> functionFilter = name -> true;
  private Predicate<String> graphRoots = name -> false;
  private int graphDepth;

  /**
   * A tracer for a machine that has none. Nothing is woven yet.
   *
   * @param sources jars or directories with annotated classes, beside the engine's own
   * @throws dev.pgmap.trace.event.TraceException if the JVM has no tracing agent
   */
  public Tracer(Machine machine, Collection<Path> sources) {
    log = machine.log();
    probes = Probes.shared();
    formats = new KernelFormats(KernelSeries.of(machine.era().name()));
    recorder = new Recorder(machine.sync(), probes.functions(), formats.kernelStack());
    probes.scan(ProbeScanner.sourceOf(Machine.class));
    sources.forEach(probes::scan);
    function = always(formats.function());
    graphEntry = always(formats.funcgraphEntry());
    graphExit = always(formats.funcgraphExit());
    print = always(formats.print());
    addKernelEvents();
    addAnnotatedEvents();
    table = makeTable();
  }

  private EventSlot always(EventFormat format) {
    EventSlot slot = recorder.add(probes.eventNumber(format.fullName()), format);
    slot.enable(true);
    return slot;
  }

  private void addKernelEvents() {
    for (String name : formats.names()) {
      String system = name.substring(0, name.indexOf(':'));
      String event = name.substring(name.indexOf(':') + 1);
      boolean renamed = name.equals(OLD_FAILURE_SYSTEM + ":memory_failure_event");
      int number = probes.eventNumber(renamed ? FAILURE : name);
      slots.put(name, recorder.add(number, formats.format(system, event, FIRST_ID + number)));
    }
  }

  /** Adds the events that only their annotation describes. */
  private void addAnnotatedEvents() {
    for (Probe probe : probes.all(Probe.Kind.EVENT)) {
      EventSlot known = slots.get(nameOf(probe));
      int nrFields = known == null ? probe.fields().size() : known.format().fields().size();
      if (!isRecordable(probe, nrFields)) {
        log.warn(
            "trace event %s: %s%s does not fit its %d fields, expected one number for each, at most"
                + " %d; not traced",
            probe.name(), probe.method(), probe.descriptor(), nrFields, TraceHook.MAX_FIELDS);
      } else if (known == null) {
        int number = probes.eventNumber(probe.name());
        slots.put(probe.name(), recorder.add(number, formatOf(probe, FIRST_ID + number)));
      }
    }
  }

  /** Of the engine's page_ref events the recorder knows what their methods are. */
  private static boolean isRecordable(Probe probe, int nrFields) {
    if (probe.system().equals("page_ref") && probe.className().startsWith(ENGINE)) {
      return true;
    }
    return probe.takesNumbersOnly()
        && probe.nrParameters() == nrFields
        && nrFields <= TraceHook.MAX_FIELDS;
  }

  /** The event's name in this machine's kernel. */
  private String nameOf(Probe probe) {
    boolean renamed = probe.name().equals(FAILURE) && !formats.has(probe.system(), probe.event());
    return renamed ? OLD_FAILURE_SYSTEM + ":" + probe.event() : probe.name();
  }

  private static EventFormat formatOf(Probe probe, int id) {
    List<EventField> fields = new ArrayList<>();
    int offset = 8;
    for (String declaration : probe.fields()) {
      boolean wide = declaration.contains("long") || declaration.contains("*");
      int bytes = wide ? 8 : 4;
      offset = offset + bytes - 1 & -bytes;
      fields.add(EventField.of(declaration, offset, bytes, !declaration.startsWith("unsigned")));
      offset += bytes;
    }
    return new EventFormat(
        probe.system(), probe.event(), id, EventFormat.commonFields(), fields, probe.print());
  }

  /** The recorder behind it. */
  public Recorder recorder() {
    return recorder;
  }

  /** All events, by system and name. */
  public List<EventFormat> events() {
    return slots.values().stream().map(EventSlot::format).toList();
  }

  /** The switches of an event; call {@link #update} after turning them. Null if there is none. */
  public @Nullable EventSlot slot(String fullName) {
    return slots.get(fullName);
  }

  /** The traced functions, sorted. */
  public List<String> functions() {
    return probes.all(Probe.Kind.FUNCTION).stream().map(Probe::name).distinct().toList();
  }

  /**
   * Looks for annotated methods in a module that was loaded, and traces them if it is to. Events
   * that are new are there from now on; those of a module that is unloaded stay readable.
   */
  public synchronized void scan(Path source) {
    probes.scan(source);
    addAnnotatedEvents();
    table = makeTable();
    update();
  }

  /** Switches events on or off, all at once. */
  public synchronized void enable(Collection<String> fullNames, boolean on) {
    for (String name : fullNames) {
      EventSlot slot = slots.get(name);
      if (slot != null) {
        slot.enable(on);
      }
    }
    update();
  }

  /** Sets the function tracer; null for {@code nop}. */
  public synchronized void traceFunctions(FunctionTracing.@Nullable Kind next) {
    kind = next;
    update();
  }

  /** The function tracer; null for {@code nop}. */
  public synchronized FunctionTracing.@Nullable Kind functionTracer() {
    return kind;
  }

  /** Which functions the function tracer records, by name. */
  public synchronized void filterFunctions(Predicate<String> isTraced) {
    functionFilter = isTraced;
    update();
  }

  /**
   * Sets where function_graph begins, and how deep it goes.
   *
   * @param isRoot in which functions it records, by name; none of them stands for all
   * @param maxDepth how many levels; 0 for all
   */
  public synchronized void limitGraph(Predicate<String> isRoot, int maxDepth) {
    graphRoots = isRoot;
    graphDepth = maxDepth;
    update();
  }

  /** Sets whether every event is followed by its stack. */
  public synchronized void wantStacks(boolean on) {
    recorder.wantStacks(on);
    update();
  }

  /** Weaves what the switches now say. */
  public synchronized void update() {
    FunctionTracing.Kind tracer = kind;
    recorder.traceFunctions(
        tracer == null
            ? null
            : new FunctionTracing(
                tracer,
                numbersOf(functionFilter),
                function,
                graphEntry,
                graphExit,
                new GraphLimits(numbersOf(graphRoots), graphDepth)));
    Set<Probe> wanted = new HashSet<>();
    boolean stacks = recorder.isStackWanted();
    for (Probe probe : probes.all(Probe.Kind.EVENT)) {
      EventSlot slot = slots.get(nameOf(probe));
      if (slot != null && slot.isWanted() && isRecordable(probe, slot.format().fields().size())) {
        wanted.add(probe);
      }
    }
    for (EventSlot slot : slots.values()) {
      stacks |= slot.followsCalls();
    }
    if (stacks || tracer != null) {
      wanted.addAll(probes.all(Probe.Kind.FUNCTION));
    }
    probes.want(this, wanted);
  }

  private BitSet numbersOf(Predicate<String> isMeant) {
    BitSet numbers = new BitSet();
    for (Probe probe : probes.all(Probe.Kind.FUNCTION)) {
      if (isMeant.test(probe.name())) {
        numbers.set(probes.functions().number(probe.name()));
      }
    }
    return numbers;
  }

  /** {@code trace_marker}: records a text. */
  public void mark(String text) {
    recorder.print(print, text);
  }

  /** Empties the rings. */
  public void clear() {
    recorder.resize(recorder.pagesPerLane());
  }

  /** A copy of what the rings hold now and nobody has consumed. */
  public TraceSource freeze(String name) {
    return freeze(name, cpu -> true);
  }

  /** The same of some cpus; the others are empty. */
  public TraceSource freeze(String name, IntPredicate cpus) {
    return source(name, lanes(cpus));
  }

  private List<FrozenLane> lanes(IntPredicate cpus) {
    return recorder.lanes().stream()
        .map(lane -> cpus.test(lane.cpu()) ? FrozenLane.of(lane) : FrozenLane.emptyOf(lane))
        .toList();
  }

  /** What {@link #freeze} gives, and never again: {@code trace_pipe}. */
  public synchronized TraceSource consume(String name, IntPredicate cpus) {
    List<FrozenLane> lanes = lanes(cpus);
    lanes.forEach(FrozenLane::consume);
    return source(name, lanes);
  }

  /** What rings held that were swapped out. */
  public TraceSource freeze(String name, TakenRings rings, IntPredicate cpus) {
    return source(name, rings.freeze(cpus));
  }

  private TraceSource source(String name, List<FrozenLane> lanes) {
    return new FrozenRings(name, table, symbols(), recorder, lanes);
  }

  /** The functions with their addresses. */
  public Symbols symbols() {
    return probes.functions().symbols();
  }

  /** The formats of all events, ftrace's own too. */
  public EventTable table() {
    return table;
  }

  private EventTable makeTable() {
    List<EventFormat> all = new ArrayList<>(formats.ftrace());
    slots.values().forEach(slot -> all.add(slot.format()));
    return new EventTable(all);
  }

  /** Takes everything out of the code again and gives the rings up. */
  @Override
  public synchronized void close() {
    kind = null;
    recorder.close();
    probes.want(this, Set.of());
  }
}
