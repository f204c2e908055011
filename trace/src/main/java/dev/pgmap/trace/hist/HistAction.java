package dev.pgmap.trace.hist;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * {@code onmax($x).save(…)} and the like: what is done when a variable grows or changes.
 *
 * @param handler when
 * @param variable the index of a variable that the trigger defines
 * @param variableName its name
 * @param saved what is kept of the event with the entry; empty for {@code snapshot()}
 */
record HistAction(Handler handler, int variable, String variableName, List<HistValue> saved) {

  /** When an action is done. */
  enum Handler {
    /** The variable is larger than it was for this key, or at all for a snapshot. */
    ONMAX,
    /** The variable is not what it was. */
    ONCHANGE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    boolean isMet(boolean first, long before, long now) {
      return first || (this == ONMAX ? now > before : now != before);
    }
  }

  HistAction {
    saved = List.copyOf(saved);
  }

  boolean isSnapshot() {
    return saved.isEmpty();
  }

  String text() {
    String action =
        isSnapshot()
            ? ".snapshot()"
            : saved.stream().map(HistValue::text).collect(Collectors.joining(",", ".save(", ")"));
    return ":" + handler.word() + "($" + variableName + ")" + action;
  }
}
