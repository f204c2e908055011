package dev.pgmap.trace.hist;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What may follow the dot of a field. */
enum HistModifier {
  NONE,
  HEX,
  SYM,
  SYM_OFFSET,
  EXECNAME,
  LOG2,
  BUCKETS,
  USECS,
  PERCENT,
  GRAPH,
  STACKTRACE;

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The modifier of that word; null if there is none. */
  static @Nullable HistModifier of(String word) {
    for (HistModifier modifier : values()) {
      if (modifier != NONE && modifier.word().equals(word)) {
        return modifier;
      }
    }
    return word.equals("bucket") ? BUCKETS : null;
  }

  /** Whether it says how a sum is shown beside the others. */
  boolean isShare() {
    return this == PERCENT || this == GRAPH;
  }

  /** Whether a key may have it. */
  boolean fitsKey() {
    return !isShare();
  }

  /** Whether a value, which is a sum, may have it. */
  boolean fitsValue() {
    return this != EXECNAME && this != STACKTRACE;
  }

  /** Whether a variable may have it. */
  boolean fitsVariable() {
    return this == NONE || this == USECS;
  }
}
