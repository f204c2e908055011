package dev.pgmap.shell.tracecmd;

import dev.pgmap.shell.session.Console;
import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.EventTable;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceClock;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.filter.Glob;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** A part of a source: some of its events, each with its stack. Thread-safe as the source is. */
public final class SelectedSource implements TraceSource {
  private static final String STACK = "kernel_stack";
  private static final int CHECK_EVERY = 1 << 16;

  private final TraceSource all;
  private final Predicate<TraceEvent> isWanted;

  /** A part of a source, which belongs to the caller. */
  SelectedSource(TraceSource all, Predicate<TraceEvent> isWanted) {
    this.all = all;
    this.isWanted = isWanted;
  }

  /** All of a source; reading it ends when the command is interrupted. */
  public static SelectedSource all(TraceSource source) {
    return new SelectedSource(source, event -> true);
  }

  /**
   * The events of some names and tasks.
   *
   * @param names of events, with or without the system, or of systems; all if empty
   * @param pids of tasks; all if empty
   */
  public static SelectedSource of(TraceSource all, List<String> names, List<Integer> pids) {
    List<Glob> globs = names.stream().map(Glob::new).toList();
    Set<Integer> tasks = Set.copyOf(pids);
    Map<EventFormat, Boolean> named = new ConcurrentHashMap<>();
    return new SelectedSource(
        all,
        event ->
            named.computeIfAbsent(event.format(), format -> isNamed(format, globs))
                && (tasks.isEmpty() || tasks.contains(event.pid())));
  }

  private static boolean isNamed(EventFormat format, List<Glob> names) {
    return names.isEmpty()
        || names.stream()
            .anyMatch(name ->
                name.matches(format.name())
                    || name.matches(format.system())
                    || name.matches(format.fullName()));
  }

  @Override
  public String name() {
    return all.name();
  }

  @Override
  public EventTable events() {
    return all.events();
  }

  @Override
  public Symbols symbols() {
    return all.symbols();
  }

  @Override
  public Comms comms() {
    return all.comms();
  }

  @Override
  public TraceClock clock() {
    return all.clock();
  }

  @Override
  public int nrCpus() {
    return all.nrCpus();
  }

  @Override
  public TraceCursor open() {
    return new Cursor(all.open());
  }

  @Override
  public void close() {
    // The source belongs to the caller.
  }

  private final class Cursor implements TraceCursor {
    private final TraceCursor cursor;

    /** By buffer: the cpus whose last event was selected, so that its stack is too. */
    private final Map<String, BitSet> selected = new HashMap<>();

    private int events;

    Cursor(TraceCursor cursor) {
      this.cursor = cursor;
    }

    @Override
    public boolean next() {
      while (cursor.next()) {
        if (++events % CHECK_EVERY == 0) {
          Console.checkInterrupted();
        }
        if (isSelected(cursor.event())) {
          return true;
        }
      }
      return false;
    }

    private boolean isSelected(TraceEvent event) {
      BitSet cpus = selected.computeIfAbsent(event.buffer(), unused -> new BitSet());
      boolean wanted =
          event.format().name().equals(STACK) && cpus.get(event.cpu()) || isWanted.test(event);
      cpus.set(event.cpu(), wanted);
      return wanted;
    }

    @Override
    public TraceEvent event() {
      return cursor.event();
    }

    @Override
    public void close() {
      cursor.close();
    }
  }
}
