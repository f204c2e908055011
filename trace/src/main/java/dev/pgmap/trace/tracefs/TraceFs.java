package dev.pgmap.trace.tracefs;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.record.FunctionTracing;
import dev.pgmap.trace.record.RecordClock;
import dev.pgmap.trace.record.Recorder;
import dev.pgmap.trace.tracer.Tracer;
import java.io.Reader;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of {@code /sys/kernel/tracing} for one tracer. Paths are relative to it, without a
 * slash at either end; the empty path is the directory itself. Thread-safe.
 *
 * <p>Reading and writing are the kernel's open, read or write, close in one: a text is written
 * whole, and without {@code append} a file that holds a list is emptied first.
 */
public final class TraceFs {
  private static final String ROOT = "/sys/kernel/tracing";
  private static final String NOP = "nop";
  private static final int KIB_PER_PAGE = 4;
  private static final long MAX_KIB = 1 << 21;

  private final Tracer tracer;
  private final Snapshot snapshot;
  private final EventTriggers triggers;
  private final Folder root;

  /** The files of that tracer; there is one of these per tracer, as it keeps filters' texts. */
  public TraceFs(Tracer tracer) {
    this.tracer = tracer;
    ErrorLog errors = new ErrorLog(tracer.recorder()::nanos);
    snapshot = new Snapshot(tracer, this::tracerName);
    Map<String, Node> nodes = new TreeMap<>();
    addSwitches(nodes);
    addRings(nodes);
    addFunctions(nodes);
    triggers = new EventTriggers(tracer, errors, snapshot);
    addEvents(nodes, errors);
    root = Folder.of(nodes);
  }

  private void addSwitches(Map<String, Node> nodes) {
    Marker marker = new Marker(tracer);
    TraceOptions options = new TraceOptions(tracer, marker);
    nodes.put("trace_marker", marker.file());
    nodes.put("trace_options", options.file());
    nodes.put("options", options.folder());
    nodes.put("trace_clock", ControlFile.readWrite(this::clocks, this::setClock));
    nodes.put("tracing_on", ControlFile.readWrite(this::isOn, this::turn));
  }

  private void addRings(Map<String, Node> nodes) {
    RingFiles rings = new RingFiles(tracer, snapshot, this::tracerName);
    nodes.put("trace", rings.trace(RingFiles.ALL));
    nodes.put("trace_pipe", rings.tracePipe(RingFiles.ALL));
    nodes.put("per_cpu", rings.perCpu());
    nodes.put("snapshot", snapshot.file(RingFiles.ALL));
    nodes.put("buffer_size_kb", ControlFile.readWrite(() -> kib() + "\n", this::resize));
    nodes.put("buffer_total_size_kb", ControlFile.readOnly(() -> totalKib() + "\n"));
    nodes.put("saved_cmdlines", ControlFile.readOnly(this::comms));
    nodes.put("printk_formats", ControlFile.readOnly(() -> ""));
  }

  private void addFunctions(Map<String, Node> nodes) {
    FunctionFilters filters = new FunctionFilters(tracer);
    nodes.put("current_tracer", ControlFile.readWrite(() -> tracerName() + "\n", this::setTracer));
    nodes.put("available_tracers", ControlFile.readOnly(() -> tracerNames(" ") + "\n"));
    nodes.put("set_ftrace_filter", filters.filterFile());
    nodes.put("set_ftrace_notrace", filters.notraceFile());
    nodes.put("set_graph_function", filters.graphFile());
    nodes.put("max_graph_depth", filters.depthFile());
    nodes.put("available_filter_functions", ControlFile.readOnly(() -> lines(tracer.functions())));
  }

  private void addEvents(Map<String, Node> nodes, ErrorLog errors) {
    EventSwitches switches = new EventSwitches(tracer);
    nodes.put(
        "events",
        new EventTree(tracer, switches, new EventFilters(tracer, errors), triggers).folder());
    nodes.put("set_event", switches.setEvent());
    nodes.put(
        "available_events",
        ControlFile.readOnly(
            () -> lines(tracer.events().stream().map(EventFormat::fullName).toList())));
    nodes.put("error_log", ControlFile.list(errors::text, errors::clear, unused -> {}));
  }

  private static String lines(List<String> lines) {
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  /** The tracer that the files are of. */
  public Tracer tracer() {
    return tracer;
  }

  /** Whether the path is a directory. */
  public boolean isDirectory(String path) {
    return find(path) instanceof Folder;
  }

  /**
   * The names in a directory, sorted.
   *
   * @throws MmException ENOENT if there is no such directory
   */
  public List<String> list(String path) {
    if (find(path) instanceof Folder folder) {
      return List.copyOf(folder.nodes().get().keySet());
    }
    throw missing(path, "a directory");
  }

  /** Whether the path is a file that can be written. */
  public boolean isWritable(String path) {
    return find(path) instanceof ControlFile file && file.isWritable();
  }

  /**
   * The text of a file, with its line ends.
   *
   * @throws MmException ENOENT if there is none, EINVAL if it can only be written
   */
  public String read(String path) {
    return use(path, ControlFile::read);
  }

  /**
   * The text of a file as it comes: {@code trace_pipe} waits for more, until tracing is off; {@link
   * #read} never waits.
   *
   * @param whileWaiting called again and again meanwhile; what it throws ends the wait
   * @throws MmException as {@link #read}
   */
  public Reader open(String path, Runnable whileWaiting) {
    return use(path, file -> file.open(whileWaiting));
  }

  /**
   * Writes to a file.
   *
   * @param append as {@code >>} does; else as {@code >}
   * @throws MmException ENOENT, EPERM for a file that is only read, EINVAL, EEXIST or EBUSY if the
   *     text is refused; {@code error_log} tells more about filters and triggers
   */
  public void write(String path, String text, boolean append) {
    use(
        path,
        file -> {
          file.write(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text, append);
          return "";
        });
  }

  /**
   * Puts everything back to what it is at first, as {@code trace-cmd reset} does: no tracer, no
   * events, filters, triggers and options, the local clock, empty rings of their first size.
   */
  public void reset() {
    write("current_tracer", NOP, false);
    write("set_event", "", false);
    triggers.removeAll();
    for (EventFormat format : tracer.events()) {
      String directory = "events/%s/".formatted(format.system());
      write(directory + format.name() + "/filter", "0", false);
      write(directory + "filter", "0", false);
    }
    write("set_ftrace_filter", "", false);
    write("set_ftrace_notrace", "", false);
    write("set_graph_function", "", false);
    write("max_graph_depth", "0", false);
    write("options/stacktrace", "0", false);
    write("options/overwrite", "1", false);
    write("options/markers", "1", false);
    write("snapshot", "0", false);
    write("trace_clock", RecordClock.LOCAL.kernelName(), false);
    tracer.recorder().resize(Recorder.DEFAULT_PAGES);
    write("tracing_on", "1", false);
  }

  private <T> T use(String path, Function<ControlFile, T> use) {
    if (!(find(path) instanceof ControlFile file)) {
      throw missing(path, "a file");
    }
    try {
      return use.apply(file);
    } catch (FileProblem e) {
      throw e.on(ROOT + "/" + path);
    }
  }

  private @Nullable Node find(String path) {
    Node node = root;
    for (String name : path.isEmpty() ? new String[0] : path.split("/", -1)) {
      node = node instanceof Folder folder ? folder.nodes().get().get(name) : null;
    }
    return node;
  }

  private static MmException missing(String path, String expected) {
    return new MmException(
        Errno.ENOENT, ROOT + "/" + path, "nothing there", expected, "ls lists what there is");
  }

  private String isOn() {
    return tracer.recorder().isOn() ? "1\n" : "0\n";
  }

  private void turn(String text) {
    tracer.recorder().turn(FileProblem.onOff(text));
  }

  private String clocks() {
    RecordClock now = tracer.recorder().clock();
    return Arrays.stream(RecordClock.values())
            .map(clock -> clock == now ? "[" + clock.kernelName() + "]" : clock.kernelName())
            .collect(Collectors.joining(" "))
        + "\n";
  }

  private void setClock(String text) {
    RecordClock clock = RecordClock.named(text.strip());
    if (clock == null) {
      throw FileProblem.invalid(text, "one of " + clocks().strip());
    }
    tracer.recorder().clock(clock);
  }

  private long kib() {
    return (long) tracer.recorder().pagesPerLane() * KIB_PER_PAGE;
  }

  private long totalKib() {
    return kib() * Math.max(1, tracer.recorder().lanes().size());
  }

  private void resize(String text) {
    String digits = text.strip();
    if (!digits.matches("[0-9]{1,9}") || Long.parseLong(digits) == 0) {
      throw FileProblem.invalid(text, "a number of KiB, from 1");
    }
    long kib = Long.parseLong(digits);
    if (kib > MAX_KIB) {
      throw new FileProblem(Errno.ENOMEM, kib + " KiB", "at most " + MAX_KIB + " per cpu", "");
    }
    tracer.recorder().resize((int) Math.max(2, (kib + KIB_PER_PAGE - 1) / KIB_PER_PAGE));
  }

  private String comms() {
    return new TreeMap<>(tracer.recorder().comms())
        .entrySet().stream()
            .map(comm -> comm.getKey() + " " + comm.getValue() + "\n")
            .collect(Collectors.joining());
  }

  private static String nameOf(FunctionTracing.@Nullable Kind kind) {
    return kind == null
        ? NOP
        : switch (kind) {
          case FUNCTION -> "function";
          case FUNCTION_GRAPH -> "function_graph";
        };
  }

  private String tracerName() {
    return nameOf(tracer.functionTracer());
  }

  private static String tracerNames(String separator) {
    return Stream.concat(
            Arrays.stream(FunctionTracing.Kind.values())
                .map(TraceFs::nameOf)
                .sorted()
                .toList()
                .reversed()
                .stream(),
            Stream.of(NOP))
        .collect(Collectors.joining(separator));
  }

  private void setTracer(String text) {
    String name = text.strip();
    for (FunctionTracing.Kind kind : FunctionTracing.Kind.values()) {
      if (nameOf(kind).equals(name)) {
        changeTracer(kind);
        return;
      }
    }
    if (!name.equals(NOP)) {
      throw FileProblem.invalid(name, "one of " + tracerNames(", "));
    }
    changeTracer(null);
  }

  /** As tracing_set_tracer: another tracer begins with empty rings and an empty snapshot. */
  private void changeTracer(FunctionTracing.@Nullable Kind next) {
    if (tracer.functionTracer() != next) {
      tracer.traceFunctions(null);
      tracer.clear();
      snapshot.clear();
      tracer.traceFunctions(next);
    }
  }
}
