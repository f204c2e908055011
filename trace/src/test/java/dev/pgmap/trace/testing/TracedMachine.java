package dev.pgmap.trace.testing;

import dev.pgmap.core.machine.Era;
import dev.pgmap.core.page.RecordingPageRefs;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.tracer.Tracer;
import dev.pgmap.trace.weave.Agent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import net.bytebuddy.agent.ByteBuddyAgent;

/** A machine with device-dax memory, its tracer, and an independent record of page references. */
public final class TracedMachine implements AutoCloseable {
  public final RecordingPageRefs refs = new RecordingPageRefs();
  public final DevdaxMachine devdax;
  public final Tracer tracer;

  /** Boots a machine of an era. */
  public TracedMachine(Era era) {
    Agent.premain(null, ByteBuddyAgent.getInstrumentation());
    devdax = new DevdaxMachine(era, refs);
    tracer = new Tracer(devdax.machine, List.of());
  }

  /** Switches all page_ref events on. */
  public void tracePageRefs() {
    enableSystem("page_ref");
  }

  /** Switches all events of a system on. */
  public void enableSystem(String system) {
    tracer.enable(
        tracer.events().stream()
            .filter(format -> format.system().equals(system))
            .map(EventFormat::fullName)
            .toList(),
        true);
  }

  /** What was recorded, each event as some text. */
  public List<String> recorded(Function<TraceEvent, String> text) {
    try (TraceSource source = tracer.freeze("live")) {
      return all(source, text);
    }
  }

  /** The events of a source, each as some text. */
  public static List<String> all(TraceSource source, Function<TraceEvent, String> text) {
    List<String> found = new ArrayList<>();
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        found.add(text.apply(cursor.event()));
      }
    }
    return found;
  }

  /** A number of an event by the name of its field. */
  public static long number(TraceEvent event, String field) {
    return event.number(Objects.requireNonNull(event.format().field(field), field));
  }

  @Override
  public void close() {
    tracer.close();
    devdax.close();
  }
}
