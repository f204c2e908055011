package dev.pgmap.trace.write;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ring.RecordEncoder;
import dev.pgmap.trace.ring.RecordShape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a source with each event and its stack together, in order of time.
 *
 * <p>A stack is an event of its own, right behind the one that it belongs to on that cpu; events of
 * other cpus may come between. So an event waits until its cpu shows another one, but for {@value
 * #MOST_WAITING} events at most: that is all that is kept in memory. A stack without such an event
 * before it is left out.
 */
final class StackJoin {
  private static final int MOST_WAITING = 4096;

  private final RecordEncoder encoder;
  private final TraceSource source;
  private final Consumer<StackedEvent> sink;
  private final Map<EventFormat, RecordShape> shapes = new IdentityHashMap<>();
  private final Deque<StackedEvent> waiting = new ArrayDeque<>();
  private final Deque<StackedEvent> unused = new ArrayDeque<>();
  private final Map<String, List<@Nullable StackedEvent>> lastOfCpu = new HashMap<>();

  private StackJoin(TraceSource source, EventIds ids, Consumer<StackedEvent> sink) {
    this.source = source;
    this.encoder = new RecordEncoder(ids::of);
    this.sink = sink;
  }

  /**
   * Hands over every event but the stacks.
   *
   * @param ids what the records bear as {@code common_type}
   * @param sink must not keep what it is given
   */
  static void forEach(TraceSource source, EventIds ids, Consumer<StackedEvent> sink) {
    StackJoin join = new StackJoin(source, ids, sink);
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        join.add(cursor.event());
      }
    }
    join.waiting.forEach(sink);
  }

  private void add(TraceEvent event) {
    List<@Nullable StackedEvent> last = lastOfCpus(event.buffer());
    while (last.size() <= event.cpu()) {
      last.add(null);
    }
    StackedEvent before = last.get(event.cpu());
    if (Stacks.isStack(event.format())) {
      if (before != null && before.event().pid() == event.pid()) {
        before.settle(Stacks.callers(event));
      }
    } else {
      if (before != null) {
        before.settle();
      }
      last.set(event.cpu(), hold(event));
    }
    release();
  }

  private List<@Nullable StackedEvent> lastOfCpus(String buffer) {
    return lastOfCpu.computeIfAbsent(buffer, unused -> new ArrayList<>());
  }

  private StackedEvent hold(TraceEvent event) {
    StackedEvent held = unused.poll();
    if (held == null) {
      held = new StackedEvent(source.comms()::of);
    }
    held.take(event, shapes.computeIfAbsent(event.format(), RecordShape::new), encoder);
    waiting.add(held);
    return held;
  }

  private void release() {
    while (!waiting.isEmpty()
        && (waiting.getFirst().isSettled() || waiting.size() > MOST_WAITING)) {
      StackedEvent next = waiting.remove();
      forget(next);
      sink.accept(next);
      unused.add(next);
    }
  }

  /** What comes on its cpu is no longer its stack. */
  private void forget(StackedEvent event) {
    List<@Nullable StackedEvent> last = lastOfCpus(event.event().buffer());
    int cpu = event.event().cpu();
    if (last.get(cpu) == event) {
      last.set(cpu, null);
    }
  }
}
