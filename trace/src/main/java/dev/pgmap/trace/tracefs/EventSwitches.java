package dev.pgmap.trace.tracefs;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.filter.Glob;
import dev.pgmap.trace.record.EventSlot;
import dev.pgmap.trace.tracer.Tracer;
import java.util.List;
import java.util.stream.Collectors;

/** The {@code enable} files and {@code set_event}. Thread-safe. */
final class EventSwitches {
  private final Tracer tracer;

  EventSwitches(Tracer tracer) {
    this.tracer = tracer;
  }

  /** The file of an event: a {@code *} behind it says that a trigger may turn it. */
  ControlFile ofEvent(EventFormat format) {
    return ControlFile.readWrite(
        () -> (isOn(format) ? "1" : "0") + (isArmed(format) ? "*\n" : "\n"),
        text -> turn(List.of(format), FileProblem.onOff(text)));
  }

  /** The file of several events: {@code X} if some are on. */
  ControlFile ofAll(List<EventFormat> formats) {
    return ControlFile.readWrite(
        () -> summary(formats) + "\n", text -> turn(formats, FileProblem.onOff(text)));
  }

  /** {@code set_event}. */
  ControlFile setEvent() {
    return ControlFile.list(this::enabled, () -> turn(tracer.events(), false), this::select);
  }

  private boolean isOn(EventFormat format) {
    EventSlot slot = tracer.slot(format.fullName());
    return slot != null && slot.isEnabled();
  }

  private boolean isArmed(EventFormat format) {
    EventSlot slot = tracer.slot(format.fullName());
    return slot != null && slot.isArmed();
  }

  private String summary(List<EventFormat> formats) {
    long on = formats.stream().filter(this::isOn).count();
    return on == 0 ? "0" : on == formats.size() ? "1" : "X";
  }

  private void turn(List<EventFormat> formats, boolean on) {
    tracer.enable(formats.stream().map(EventFormat::fullName).toList(), on);
  }

  private String enabled() {
    return tracer.events().stream()
        .filter(this::isOn)
        .map(format -> format.fullName() + "\n")
        .collect(Collectors.joining());
  }

  private void select(String line) {
    for (String word : line.strip().split("\\s+")) {
      boolean off = word.startsWith("!");
      String pattern = off ? word.substring(1) : word;
      if (!pattern.isEmpty()) {
        turn(matching(pattern), !off);
      }
    }
  }

  private List<EventFormat> matching(String pattern) {
    List<EventFormat> found =
        tracer.events().stream().filter(format -> isMeant(format, pattern)).toList();
    if (found.isEmpty()) {
      throw FileProblem.invalid(pattern, "SYSTEM:EVENT of available_events, * for several");
    }
    return found;
  }

  /** Without a colon, the name of a system or of an event is meant. */
  private static boolean isMeant(EventFormat format, String pattern) {
    int colon = pattern.indexOf(':');
    if (colon < 0) {
      Glob glob = new Glob(pattern);
      return glob.matches(format.system()) || glob.matches(format.name());
    }
    return matches(pattern.substring(0, colon), format.system())
        && matches(pattern.substring(colon + 1), format.name());
  }

  private static boolean matches(String pattern, String name) {
    return pattern.isEmpty() || new Glob(pattern).matches(name);
  }
}
