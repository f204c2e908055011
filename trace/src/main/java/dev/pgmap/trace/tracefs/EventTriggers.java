package dev.pgmap.trace.tracefs;

import dev.pgmap.api.Errno;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.filter.LineException;
import dev.pgmap.trace.filter.Trigger;
import dev.pgmap.trace.filter.TriggerCommand;
import dev.pgmap.trace.hist.TriggerSet;
import dev.pgmap.trace.record.EventSlot;
import dev.pgmap.trace.tracer.Tracer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The {@code trigger} and {@code hist} files. Thread-safe.
 *
 * <p>Whatever a trigger may switch on is woven when the trigger is written: at the event itself
 * nothing can be woven, as it may happen under any lock.
 */
final class EventTriggers {
  private static final String EXISTS = "already exists";

  private final Tracer tracer;
  private final ErrorLog errors;
  private final TriggerSet set;

  /** Events that triggers may switch, by the trigger's event, command and target. */
  private final Map<String, EventSlot> armed = new HashMap<>();

  EventTriggers(Tracer tracer, ErrorLog errors, Snapshot snapshot) {
    this.tracer = tracer;
    this.errors = errors;
    this.set = new TriggerSet(tracer::table, tracer::symbols, new LiveActions(tracer, snapshot));
  }

  /** The {@code trigger} file of an event; opening it without append removes its histograms. */
  ControlFile triggerFile(EventFormat format) {
    return ControlFile.list(
        () -> set.triggerFile(format.fullName()),
        () -> removeHistograms(format),
        line -> write(format, line));
  }

  /** The {@code hist} file of an event. */
  ControlFile histFile(EventFormat format) {
    return ControlFile.readOnly(() -> set.histFile(format.fullName()));
  }

  private synchronized void removeHistograms(EventFormat format) {
    try {
      set.removeHistograms(format);
    } catch (LineException e) {
      throw refuse(e);
    } finally {
      connect(format);
    }
  }

  /** Removes all triggers of all events; histograms that others refer to after those others. */
  synchronized void removeAll() {
    List<EventFormat> left = tracer.events().stream().filter(set::has).toList();
    for (int size = left.size() + 1; left.size() < size && !left.isEmpty(); ) {
      size = left.size();
      left.forEach(this::tryToRemoveAll);
      left = left.stream().filter(set::has).toList();
    }
    armed.values().forEach(EventSlot::disarm);
    armed.clear();
  }

  private void tryToRemoveAll(EventFormat format) {
    try {
      set.removeAll(format);
      connect(format);
    } catch (LineException e) {
      // Another event's histogram refers to it: the next round comes back to it.
      return;
    }
  }

  private synchronized void write(EventFormat format, String line) {
    if (line.isBlank()) {
      return;
    }
    try {
      Trigger trigger = Trigger.parse(line);
      set.write(format.fullName(), line);
      if (trigger.command() == TriggerCommand.ENABLE_EVENT
          || trigger.command() == TriggerCommand.DISABLE_EVENT) {
        arm(format, trigger);
      }
    } catch (LineException e) {
      throw refuse(e);
    } catch (TraceException e) {
      throw FileProblem.refused(Errno.EINVAL, e);
    }
    connect(format);
  }

  private FileProblem refuse(LineException e) {
    errors.add(e);
    return FileProblem.refused(e.problem().contains(EXISTS) ? Errno.EEXIST : Errno.EINVAL, e);
  }

  private void arm(EventFormat format, Trigger trigger) {
    String target = trigger.system() + ":" + trigger.event();
    String key = "%s %s %s".formatted(format.fullName(), trigger.command(), target);
    EventSlot slot = trigger.removes() ? armed.remove(key) : tracer.slot(target);
    if (slot == null) {
      return;
    }
    if (trigger.removes()) {
      slot.disarm();
    } else {
      armed.put(key, slot);
      slot.arm();
    }
  }

  /** Has the event call the triggers if it has any, and weaves what they need. */
  private void connect(EventFormat format) {
    EventSlot slot = tracer.slot(format.fullName());
    if (slot == null) {
      return;
    }
    boolean any = set.has(format);
    slot.followCalls(set.followsCalls(format));
    slot.onFire(any ? new FiredEvent(tracer, format, set) : null);
    tracer.update();
  }
}
