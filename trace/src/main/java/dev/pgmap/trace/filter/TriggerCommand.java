package dev.pgmap.trace.filter;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a trigger does, in the order in which the kernel lists them. */
public enum TriggerCommand {
  TRACEON,
  TRACEOFF,
  SNAPSHOT,
  STACKTRACE,
  ENABLE_EVENT,
  DISABLE_EVENT,
  ENABLE_HIST,
  DISABLE_HIST,
  HIST;

  /** The word that is written to a {@code trigger} file. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it names another event, as {@code enable_event:system:event}. */
  public boolean namesEvent() {
    return this == ENABLE_EVENT
        || this == DISABLE_EVENT
        || this == ENABLE_HIST
        || this == DISABLE_HIST;
  }

  /** The command of that word; null if there is none. */
  static @Nullable TriggerCommand of(String word) {
    for (TriggerCommand command : values()) {
      if (command.word().equals(word)) {
        return command;
      }
    }
    return null;
  }
}
