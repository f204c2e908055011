package dev.pgmap.trace.tracer;

import dev.pgmap.trace.record.Functions;
import dev.pgmap.trace.weave.Agent;
import dev.pgmap.trace.weave.Probe;
import dev.pgmap.trace.weave.ProbeScanner;
import dev.pgmap.trace.weave.Weaver;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The probes of the JVM: what can be woven, the numbers that woven code uses, and what the tracers
 * together want.
 *
 * <p>There is one, as there is one bytecode of a class; it begins with the first tracer.
 * Thread-safe.
 */
public final class Probes {
  private static final AtomicReference<@Nullable Probes> SHARED = new AtomicReference<>();

  private final Functions functions = new Functions();
  private final Weaver weaver;
  private final Map<String, Integer> eventNumbers = new LinkedHashMap<>();
  private final Map<Path, List<Probe>> bySource = new LinkedHashMap<>();
  private final Map<Object, Set<Probe>> wanted = new HashMap<>();

  private Probes(Instrumentation instrumentation) {
    weaver = new Weaver(instrumentation, this::number);
  }

  /**
   * The probes of this JVM.
   *
   * @throws dev.pgmap.trace.event.TraceException if the JVM has no tracing agent
   */
  public static synchronized Probes shared() {
    Probes probes = SHARED.get();
    if (probes == null) {
      probes = new Probes(Agent.instrumentation());
      SHARED.set(probes);
    }
    return probes;
  }

  /**
   * Looks for annotated methods in a jar or a directory of classes, again if it was seen before.
   */
  public synchronized void scan(Path source) {
    List<Probe> probes = ProbeScanner.scan(source);
    bySource.put(source, probes);
    probes.forEach(this::number);
  }

  /** The probes of what was scanned, of one kind, sorted by name. */
  public synchronized List<Probe> all(Probe.Kind kind) {
    List<Probe> found = new ArrayList<>();
    for (List<Probe> probes : bySource.values()) {
      probes.stream().filter(probe -> probe.kind() == kind).forEach(found::add);
    }
    found.sort(Comparator.comparing(Probe::name));
    return found;
  }

  /** The numbers of functions. */
  public Functions functions() {
    return functions;
  }

  private synchronized int number(Probe probe) {
    return probe.kind() == Probe.Kind.FUNCTION
        ? functions.number(probe.name())
        : eventNumber(probe.name());
  }

  /** The number of the event {@code system:name}, given now if it has none. */
  public synchronized int eventNumber(String fullName) {
    return eventNumbers.computeIfAbsent(fullName, name -> eventNumbers.size());
  }

  /**
   * Weaves what a tracer wants from now on, beside what the others want.
   *
   * @throws IllegalStateException if a class could not be woven; all is as it was then
   */
  public synchronized void want(Object tracer, Set<Probe> probes) {
    Set<Probe> before = wanted.getOrDefault(tracer, Set.of());
    set(tracer, probes);
    try {
      weaver.weave(union());
    } catch (IllegalStateException e) {
      set(tracer, before);
      throw e;
    }
  }

  private void set(Object tracer, Set<Probe> probes) {
    if (probes.isEmpty()) {
      wanted.remove(tracer);
    } else {
      wanted.put(tracer, Set.copyOf(probes));
    }
  }

  private Set<Probe> union() {
    Set<Probe> all = new HashSet<>();
    wanted.values().forEach(all::addAll);
    return all;
  }
}
