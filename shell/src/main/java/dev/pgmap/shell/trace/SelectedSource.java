package dev.pgmap.shell.trace;

import dev.pgmap.shell.session.Console;
import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.EventTable;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceClock;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A part of a source: events of some names and tasks, each with its stack. Thread-safe as the
 * source is.
 */
final class SelectedSource implements TraceSource {
  private static final String STACK = "kernel_stack";
  private static final int CHECK_EVERY = 1 << 16;

  private final TraceSource all;
  private final List<Pattern> names;
  private final Set<Integer> pids;

  /**
   * A part of a source, which belongs to the caller.
   *
   * @param names of events, with or without the system, or of systems; all if empty
   * @param pids of tasks; all if empty
   */
  SelectedSource(TraceSource all, List<String> names, List<Integer> pids) {
    this.all = all;
    this.names = names.stream().map(SelectedSource::glob).toList();
    this.pids = Set.copyOf(pids);
  }

  private static Pattern glob(String glob) {
    return Pattern.compile(Pattern.quote(glob).replace("*", "\\E.*\\Q"));
  }

  private boolean isNamed(EventFormat format) {
    return names.isEmpty()
        || names.stream()
            .anyMatch(name ->
                name.matcher(format.name()).matches()
                    || name.matcher(format.system()).matches()
                    || name.matcher(format.fullName()).matches());
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
    private final Map<EventFormat, Boolean> named = new IdentityHashMap<>();

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
          event.format().name().equals(STACK) && cpus.get(event.cpu()) || isWanted(event);
      cpus.set(event.cpu(), wanted);
      return wanted;
    }

    private boolean isWanted(TraceEvent event) {
      return named.computeIfAbsent(event.format(), SelectedSource.this::isNamed)
          && (pids.isEmpty() || pids.contains(event.pid()));
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
