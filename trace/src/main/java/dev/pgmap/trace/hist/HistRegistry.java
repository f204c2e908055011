package dev.pgmap.trace.hist;

import dev.pgmap.trace.refs.StackTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the histograms of a trigger set share: the numbers that stand for texts and stacks in keys,
 * the variables that one defines and another refers to, and the tables that have a name.
 *
 * <p>It is also the lock of all of them: hold its monitor.
 */
final class HistRegistry {
  /** How much of a stack tells keys apart: HIST_STACKTRACE_DEPTH. */
  static final int STACK_DEPTH = 16;

  /** A number that no text or stack has. */
  static final int UNKNOWN = -1;

  /** A histogram that others can find. */
  private record Known(String event, HistSpec spec, HistTable table) {}

  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> texts = new ArrayList<>();
  private final StackTable stacks = new StackTable();
  private final List<Known> known = new ArrayList<>();

  /**
   * The number of a text.
   *
   * @param mayAdd whether a new text gets a number
   */
  int text(String text, boolean mayAdd) {
    Integer number = numbers.get(text);
    if (number != null) {
      return number;
    }
    if (!mayAdd) {
      return UNKNOWN;
    }
    numbers.put(text, texts.size());
    texts.add(text);
    return texts.size() - 1;
  }

  String text(long number) {
    return texts.get((int) number);
  }

  /** The number of a stack. */
  int stack(long[] frames) {
    int depth = 0;
    while (depth < frames.length && depth < STACK_DEPTH && frames[depth] != 0) {
      depth++;
    }
    return depth == 0 ? StackTable.NONE : stacks.intern(frames, depth, false);
  }

  long[] stack(long number) {
    return number == StackTable.NONE ? new long[0] : stacks.frames((int) number);
  }

  void add(String event, HistSpec spec, HistTable table) {
    known.add(new Known(event, spec, table));
  }

  void remove(String event, HistSpec spec) {
    known.removeIf(other -> other.event().equals(event) && other.spec().equals(spec));
  }

  /** Those that share a name, first come first; null if there is none. */
  @Nullable HistSpec named(String name) {
    for (Known other : known) {
      if (!name.isEmpty() && other.spec().name().equals(name)) {
        return other.spec();
      }
    }
    return null;
  }

  /** The table that has a name; null if there is none. */
  @Nullable HistTable tableNamed(String name) {
    for (Known other : known) {
      if (!name.isEmpty() && other.spec().name().equals(name)) {
        return other.table();
      }
    }
    return null;
  }

  /** Whether a histogram refers to a variable of a table; its own references do not count. */
  boolean isReferred(HistTable table) {
    return known.stream()
        .flatMap(other -> other.spec().references().stream())
        .anyMatch(reference -> reference.table() == table);
  }

  /**
   * All variables of a name.
   *
   * @param event such as {@code sched:sched_waking}; empty for any
   * @param keys how many keys the trigger that refers to it has
   */
  List<HistReference> variables(String event, String name, int keys) {
    List<HistReference> found = new ArrayList<>();
    for (Known other : known) {
      List<String> names = other.spec().variables().stream().map(HistSpec.Variable::name).toList();
      boolean fits = other.spec().keys().size() == keys;
      if (fits && names.contains(name) && (event.isEmpty() || event.equals(other.event()))) {
        found.add(new HistReference(name, other.table(), names.indexOf(name)));
      }
    }
    return found;
  }
}
