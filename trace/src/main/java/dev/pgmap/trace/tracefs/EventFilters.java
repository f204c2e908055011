package dev.pgmap.trace.tracefs;

import dev.pgmap.api.Errno;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.filter.EventFilter;
import dev.pgmap.trace.filter.LineException;
import dev.pgmap.trace.filter.RecordContext;
import dev.pgmap.trace.filter.RecordPredicate;
import dev.pgmap.trace.record.EventSlot;
import dev.pgmap.trace.record.Recorder;
import dev.pgmap.trace.tracer.Tracer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@code filter} files of events and of systems. Thread-safe. */
final class EventFilters {
  private static final String NO_SYSTEM_FILTER = "### global filter ###\n";

  private final Tracer tracer;
  private final ErrorLog errors;
  private final RecordContext context;
  private final Map<String, String> texts = new HashMap<>();

  EventFilters(Tracer tracer, ErrorLog errors) {
    this.tracer = tracer;
    this.errors = errors;
    this.context = new Context(tracer.recorder());
  }

  /** What filters ask of the recorder while an event is being written. */
  private record Context(Recorder recorder) implements RecordContext {
    @Override
    public int cpu() {
      return recorder.currentCpu();
    }

    @Override
    public String comm(int pid) {
      String comm = recorder.comm(pid);
      return comm == null ? "" : comm;
    }
  }

  /** The file of an event. */
  ControlFile ofEvent(EventFormat format) {
    return ControlFile.readWrite(
        () -> shown(format.fullName(), EventFilter.NONE + "\n"), line -> set(format, line));
  }

  /** The file of a system, whose write goes to all events that have the fields. */
  ControlFile ofSystem(String system, List<EventFormat> formats) {
    return ControlFile.readWrite(
        () -> shown(system, NO_SYSTEM_FILTER), line -> setAll(system, formats, line));
  }

  private synchronized String shown(String name, String none) {
    return texts.getOrDefault(name, none);
  }

  private synchronized void set(EventFormat format, String line) {
    try {
      apply(format, line);
    } catch (LineException e) {
      keep(format, null);
      throw refuse(format.fullName(), e);
    }
  }

  private void apply(EventFormat format, String line) {
    if (EventFilter.isClear(line)) {
      texts.remove(format.fullName());
      keep(format, null);
      return;
    }
    EventFilter filter = EventFilter.parse(line, format, tracer.symbols());
    texts.put(format.fullName(), filter.text() + "\n");
    keep(format, filter.onRecords(context));
  }

  private void keep(EventFormat format, @Nullable RecordPredicate predicate) {
    EventSlot slot = tracer.slot(format.fullName());
    if (slot != null) {
      slot.keepOnly(predicate == null ? null : predicate::test);
    }
  }

  private FileProblem refuse(String name, LineException e) {
    errors.add(e);
    texts.put(name, e.filterFile());
    return FileProblem.refused(Errno.EINVAL, e);
  }

  /** Those that lack a field keep what they had; it is an error if all do. */
  private synchronized void setAll(String system, List<EventFormat> formats, String line) {
    @Nullable LineException problem = null;
    int taken = 0;
    for (EventFormat format : formats) {
      try {
        apply(format, line);
        taken++;
      } catch (LineException e) {
        problem = e;
      }
    }
    if (taken == 0 && problem != null) {
      throw refuse(system, problem);
    }
    if (EventFilter.isClear(line)) {
      texts.remove(system);
    } else {
      texts.put(system, line.strip() + "\n");
    }
  }
}
