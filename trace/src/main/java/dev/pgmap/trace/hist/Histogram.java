package dev.pgmap.trace.hist;

import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.filter.EventFilter;
import dev.pgmap.trace.hist.HistTable.Entry;
import dev.pgmap.trace.hist.HistTable.Key;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code hist} trigger has counted. Follows event_hist_trigger.
 *
 * <p>Sums are signed where fields are: taking and dropping references of a page sums up to what is
 * still held, which may be less than nothing. A kernel shows such a sum as an unsigned number.
 *
 * <p>Thread-safe: all histograms of a set wait for each other.
 */
public final class Histogram {
  private final HistSpec spec;
  private final HistRegistry registry;
  private final HistTable table;
  private final Runnable snapshot;

  private final Key key;
  private final long[] references;
  private volatile boolean paused;

  /** What the snapshot was taken for. */
  record Snapshot(HistAction action, long value, Entry entry) {}

  private @Nullable Snapshot taken;

  Histogram(HistSpec spec, HistRegistry registry, HistTable table, Runnable snapshot) {
    this.spec = spec;
    this.registry = registry;
    this.table = table;
    this.snapshot = snapshot;
    this.key = new Key(new long[spec.keys().size()]);
    this.references = new long[spec.references().size()];
    this.paused = spec.control() == HistSpec.Control.PAUSE;
  }

  HistSpec spec() {
    return spec;
  }

  HistTable table() {
    return table;
  }

  HistRegistry registry() {
    return registry;
  }

  /** Whether events must be added with their stacks. */
  public boolean needsStack() {
    return spec.needsStack();
  }

  /** Whether events are not counted now. */
  public boolean isPaused() {
    return paused;
  }

  /** Stops or starts counting. */
  public void pause(boolean pause) {
    paused = pause;
  }

  /** Forgets all that was counted. */
  public void clear() {
    synchronized (registry) {
      table.clear();
      taken = null;
    }
  }

  /** Events that were counted. */
  public long hits() {
    synchronized (registry) {
      return table.hits();
    }
  }

  /** Events that were not counted, since all entries were taken by other keys. */
  public long dropped() {
    synchronized (registry) {
      return table.dropped();
    }
  }

  /** Number of entries. */
  public int size() {
    synchronized (registry) {
      return table.size();
    }
  }

  @Nullable Snapshot taken() {
    return taken;
  }

  /**
   * Counts an event, if it passes the filter.
   *
   * @param event of the trigger's format
   * @param stack of the event, innermost first; empty if it has none
   */
  public void add(TraceEvent event, long... stack) {
    EventFilter filter = spec.filter();
    if (paused || filter != null && !filter.matches(event)) {
      return;
    }
    synchronized (registry) {
      count(event, stack);
    }
  }

  private void count(TraceEvent event, long[] stack) {
    if (!readKey(event, stack)) {
      table.drop();
      return;
    }
    if (!readReferences()) {
      return;
    }
    Entry entry = table.hit(key, spec);
    if (entry == null) {
      return;
    }
    if (entry.hits++ == 0 && spec.notesComm()) {
      entry.comm = event.comm();
    }
    setVariables(event, entry);
    for (int i = 0; i < entry.sums.length; i++) {
      entry.sums[i] += spec.values().get(i).number(event, references);
    }
    act(event, entry);
  }

  /** False if the key is a text never seen, and there is no entry left for it. */
  private boolean readKey(TraceEvent event, long[] stack) {
    for (int i = 0; i < spec.keys().size(); i++) {
      HistField field = spec.keys().get(i);
      long part =
          switch (field.value()) {
            case HistValue.Number number -> field.number(event, references);
            case HistValue.Text text -> registry.text(text.of(event), !table.isFull());
            case HistValue.Comm comm -> registry.text(event.comm(), !table.isFull());
            case HistValue.Stack own -> registry.stack(stack);
            case HistValue.StackField frames -> registry.stack(frames.of(event));
          };
      boolean isText =
          field.value() instanceof HistValue.Text || field.value() instanceof HistValue.Comm;
      if (isText && part == HistRegistry.UNKNOWN) {
        return false;
      }
      key.set(i, part);
    }
    return true;
  }

  /** False if a variable of another trigger is not set for this key; reading it unsets it. */
  private boolean readReferences() {
    for (int i = 0; i < references.length; i++) {
      HistReference reference = spec.references().get(i);
      HistTable of = reference.table();
      if (of == null) {
        continue;
      }
      Entry entry = of.find(key);
      if (entry == null || !entry.isSet[reference.variable()]) {
        return false;
      }
      entry.isSet[reference.variable()] = false;
      references[i] = entry.variables[reference.variable()];
    }
    return true;
  }

  private void setVariables(TraceEvent event, Entry entry) {
    for (int i = 0; i < entry.variables.length; i++) {
      entry.variables[i] = spec.variables().get(i).field().number(event, references);
      entry.isSet[i] = true;
      for (int at = 0; at < references.length; at++) {
        HistReference reference = spec.references().get(at);
        if (reference.isLocal() && reference.variable() == i) {
          references[at] = entry.variables[i];
        }
      }
    }
  }

  private void act(TraceEvent event, Entry entry) {
    for (int i = 0; i < spec.actions().size(); i++) {
      HistAction action = spec.actions().get(i);
      long value = entry.variables[action.variable()];
      if (action.isSnapshot()) {
        takeSnapshot(action, value, entry);
      } else if (action.handler().isMet(!entry.isTracked[i], entry.tracked[i], value)) {
        entry.tracked[i] = value;
        entry.isTracked[i] = true;
        entry.saved[i] = action.saved().stream().map(field -> saved(field, event)).toArray();
      }
    }
  }

  private void takeSnapshot(HistAction action, long value, Entry entry) {
    Snapshot before = taken;
    if (action.handler().isMet(before == null, before == null ? 0 : before.value(), value)) {
      taken = new Snapshot(action, value, entry);
      snapshot.run();
    }
  }

  private Object saved(HistValue field, TraceEvent event) {
    return switch (field) {
      case HistValue.Number number -> number.of(event, references);
      case HistValue.Text text -> text.of(event);
      case HistValue.Comm comm -> event.comm();
      case HistValue.Stack stack -> "";
      case HistValue.StackField frames -> (long) frames.of(event).length;
    };
  }

  /** The entries in the trigger's order; those that are equal in it by their keys. */
  List<Entry> sorted() {
    List<Entry> all = new ArrayList<>();
    table.entries().forEach(all::add);
    all.sort(order());
    return all;
  }

  private Comparator<Entry> order() {
    Comparator<Entry> order = null;
    for (HistSpec.SortKey sortKey : spec.sort()) {
      Comparator<Entry> next = by(sortKey);
      Comparator<Entry> directed = sortKey.descending() ? next.reversed() : next;
      order = order == null ? directed : order.thenComparing(directed);
    }
    for (int i = 0; i < spec.keys().size(); i++) {
      Comparator<Entry> next = byKey(i);
      order = order == null ? next : order.thenComparing(next);
    }
    return order == null ? Comparator.comparingLong(entry -> entry.hits) : order;
  }

  private Comparator<Entry> by(HistSpec.SortKey sortKey) {
    int index = sortKey.index();
    if (index == HistSpec.SortKey.HITS) {
      return Comparator.comparingLong(entry -> entry.hits);
    }
    if (index < spec.keys().size()) {
      return byKey(index);
    }
    int sum = index - spec.keys().size();
    return byNumber(spec.field(index), entry -> entry.sums[sum]);
  }

  private Comparator<Entry> byKey(int index) {
    HistField field = spec.keys().get(index);
    if (field.value() instanceof HistValue.Text || field.value() instanceof HistValue.Comm) {
      return Comparator.comparing(entry -> registry.text(entry.key.part(index)));
    }
    return byNumber(field, entry -> entry.key.part(index));
  }

  private static Comparator<Entry> byNumber(HistField field, ToLongFunction<Entry> number) {
    return field.value().isSigned()
        ? Comparator.comparingLong(number)
        : (a, b) -> Long.compareUnsigned(number.applyAsLong(a), number.applyAsLong(b));
  }
}
