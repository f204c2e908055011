package dev.pgmap.trace.hist;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.EventTable;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.filter.EventFilter;
import dev.pgmap.trace.filter.LineException;
import dev.pgmap.trace.filter.Trigger;
import dev.pgmap.trace.filter.TriggerActions;
import dev.pgmap.trace.filter.TriggerCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The triggers of all events: what is written to {@code trigger} files, and read from {@code
 * trigger} and {@code hist} files.
 *
 * <p>A recorder calls {@link #fired} at each event that {@link #has} triggers; for a recording
 * there is {@link SourceTriggers}. Thread-safe; changes wait for each other.
 */
public final class TriggerSet {
  private final Supplier<EventTable> events;
  private final Supplier<Symbols> symbols;
  private final TriggerActions actions;
  private final HistRegistry registry = new HistRegistry();
  private final Map<String, List<ActiveTrigger>> byEvent = new ConcurrentHashMap<>();

  /**
   * A set without triggers.
   *
   * @param symbols the functions, as known when a text is made
   * @param actions what triggers do
   */
  public TriggerSet(
      Supplier<EventTable> events, Supplier<Symbols> symbols, TriggerActions actions) {
    this.events = events;
    this.symbols = symbols;
    this.actions = actions;
  }

  /**
   * Takes a line written to an event's {@code trigger} file.
   *
   * @param event {@code system:event}
   * @throws LineException if the line is not the grammar's, names what the event does not have, or
   *     if such a trigger exists already; nothing has changed then
   * @throws TraceException if there is no such event
   */
  public synchronized void write(String event, String line) {
    Trigger trigger = Trigger.parse(line);
    EventFormat format = format(event, "trigger " + event);
    if (trigger.command() == TriggerCommand.HIST) {
      synchronized (registry) {
        writeHist(trigger, format);
      }
    } else {
      writePlain(trigger, format);
    }
  }

  private EventFormat format(String event, String where) {
    EventFormat format = events.get().byName(event);
    if (format == null) {
      throw new TraceException(
          where, "no event '%s'".formatted(event), "one of available_events", "");
    }
    return format;
  }

  private List<ActiveTrigger> of(EventFormat format) {
    return byEvent.computeIfAbsent(format.fullName(), unused -> new CopyOnWriteArrayList<>());
  }

  private void writePlain(Trigger trigger, EventFormat format) {
    ActiveTrigger.Plain existing = find(trigger, format);
    if (trigger.removes()) {
      if (existing != null) {
        of(format).remove(existing);
      }
      return;
    }
    if (trigger.command().namesEvent()) {
      format(trigger.system() + ":" + trigger.event(), "trigger '%s'".formatted(trigger.line()));
    }
    if (existing != null) {
      throw new LineException(
          "event trigger parse error",
          "Trigger already exists",
          trigger.line(),
          0,
          "a line with '!' first, which removes it");
    }
    EventFilter filter =
        trigger.filter().isEmpty()
            ? null
            : EventFilter.parse(trigger.filter(), format, symbols.get());
    of(format).addFirst(ActiveTrigger.Plain.of(trigger, filter));
  }

  private ActiveTrigger.@Nullable Plain find(Trigger trigger, EventFormat format) {
    for (ActiveTrigger active : of(format)) {
      if (active instanceof ActiveTrigger.Plain plain && plain.trigger().isSameKind(trigger)) {
        return plain;
      }
    }
    return null;
  }

  private void writeHist(Trigger trigger, EventFormat format) {
    HistSpec spec = HistParser.parse(trigger, format, symbols.get(), registry);
    ActiveTrigger.Hist existing = find(spec, format);
    if (trigger.removes()) {
      if (existing != null) {
        remove(existing, trigger, format);
      }
    } else if (existing != null) {
      change(existing.histogram(), spec, trigger, format);
    } else {
      add(spec, trigger, format);
    }
  }

  private ActiveTrigger.@Nullable Hist find(HistSpec spec, EventFormat format) {
    for (ActiveTrigger active : of(format)) {
      if (active instanceof ActiveTrigger.Hist hist
          && hist.histogram().spec().isSameTrigger(spec)) {
        return hist;
      }
    }
    return null;
  }

  private void remove(ActiveTrigger.Hist hist, Trigger trigger, EventFormat format) {
    Histogram histogram = hist.histogram();
    if (registry.isReferred(histogram.table())) {
      throw HistProblem.STILL_REFERRED.at(format.fullName(), trigger.line(), 0);
    }
    registry.remove(format.fullName(), histogram.spec());
    of(format).remove(hist);
  }

  private static void change(
      Histogram histogram, HistSpec spec, Trigger trigger, EventFormat format) {
    switch (spec.control()) {
      case NONE -> throw HistProblem.TRIGGER_EEXIST.at(format.fullName(), trigger.line(), 0);
      case PAUSE -> histogram.pause(true);
      case CONTINUE -> histogram.pause(false);
      case CLEAR -> histogram.clear();
    }
  }

  private void add(HistSpec spec, Trigger trigger, EventFormat format) {
    if (spec.control() == HistSpec.Control.CONTINUE || spec.control() == HistSpec.Control.CLEAR) {
      throw HistProblem.TRIGGER_ENOENT_CLEAR.at(format.fullName(), trigger.line(), 0);
    }
    HistSpec named = registry.named(spec.name());
    if (named != null && !named.matches(spec)) {
      throw HistProblem.NAMED_MISMATCH.at(format.fullName(), trigger.line(), 0);
    }
    HistTable shared = registry.tableNamed(spec.name());
    HistTable table = shared != null ? shared : new HistTable(spec.entries());
    registry.add(format.fullName(), spec, table);
    Histogram histogram = new Histogram(spec, registry, table, actions::snapshot);
    of(format).addFirst(new ActiveTrigger.Hist(histogram));
  }

  /** Whether an event has triggers. */
  public boolean has(EventFormat format) {
    List<ActiveTrigger> triggers = byEvent.get(format.fullName());
    return triggers != null && !triggers.isEmpty();
  }

  /** Whether an event must be told with its stack. */
  public boolean needsStack(EventFormat format) {
    return histograms(format.fullName()).stream().anyMatch(Histogram::needsStack);
  }

  /** Whether somebody has to know who called when an event happens: to count or to record it. */
  public boolean followsCalls(EventFormat format) {
    return needsStack(format)
        || byEvent.getOrDefault(format.fullName(), List.of()).stream()
            .anyMatch(TriggerSet::recordsStack);
  }

  private static boolean recordsStack(ActiveTrigger active) {
    return active instanceof ActiveTrigger.Plain plain
        && plain.trigger().command() == TriggerCommand.STACKTRACE;
  }

  /**
   * Removes the histograms of an event, the newest first, as opening its {@code trigger} file
   * without append does.
   *
   * @throws LineException if another one refers to a variable; it and the older ones stay then
   */
  public synchronized void removeHistograms(EventFormat format) {
    for (Histogram histogram : histograms(format.fullName())) {
      write(format.fullName(), "!" + histogram.spec().text());
    }
  }

  /**
   * Removes all triggers of an event.
   *
   * @throws LineException if another histogram refers to a variable of one; plain ones stay then
   */
  public synchronized void removeAll(EventFormat format) {
    removeHistograms(format);
    of(format).clear();
  }

  /**
   * An event happened: its triggers do what they do.
   *
   * @param stack of the event, innermost first; empty if there is none
   */
  public void fired(TraceEvent event, long... stack) {
    List<ActiveTrigger> triggers = byEvent.get(event.format().fullName());
    if (triggers == null) {
      return;
    }
    for (ActiveTrigger active : triggers) {
      switch (active) {
        case ActiveTrigger.Hist hist -> hist.histogram().add(event, stack);
        case ActiveTrigger.Plain plain -> {
          if (plain.fires(event)) {
            act(plain.trigger(), event);
          }
        }
      }
    }
  }

  private void act(Trigger trigger, TraceEvent event) {
    switch (trigger.command()) {
      case TRACEON -> actions.trace(true);
      case TRACEOFF -> actions.trace(false);
      case SNAPSHOT -> actions.snapshot();
      case STACKTRACE -> actions.stack(event);
      case ENABLE_EVENT -> actions.enable(trigger.system(), trigger.event(), true);
      case DISABLE_EVENT -> actions.enable(trigger.system(), trigger.event(), false);
      case ENABLE_HIST -> pause(trigger, false);
      case DISABLE_HIST -> pause(trigger, true);
      case HIST -> throw new IllegalStateException("a histogram is no plain trigger");
    }
  }

  private void pause(Trigger trigger, boolean pause) {
    histograms(trigger.system() + ":" + trigger.event())
        .forEach(histogram -> histogram.pause(pause));
  }

  /** The histograms of an event, the newest first. */
  public List<Histogram> histograms(String event) {
    List<Histogram> found = new ArrayList<>();
    for (ActiveTrigger active : byEvent.getOrDefault(event, List.of())) {
      if (active instanceof ActiveTrigger.Hist hist) {
        found.add(hist.histogram());
      }
    }
    return found;
  }

  /** The text of an event's {@code trigger} file. */
  public String triggerFile(String event) {
    List<ActiveTrigger> triggers = byEvent.getOrDefault(event, List.of());
    return triggers.isEmpty()
        ? Trigger.NONE
        : triggers.stream().map(active -> active.show() + "\n").collect(Collectors.joining());
  }

  /** The text of an event's {@code hist} file; empty without histograms. */
  public String histFile(String event) {
    return histograms(event).stream()
        .map(histogram -> HistText.of(histogram, symbols.get()))
        .collect(Collectors.joining("\n\n"));
  }
}
