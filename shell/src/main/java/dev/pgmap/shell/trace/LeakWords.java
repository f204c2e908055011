package dev.pgmap.shell.trace;

import dev.pgmap.trace.ledger.HoldKind;
import dev.pgmap.trace.ledger.TaskShare;
import java.util.List;
import java.util.stream.Collectors;

/** Words for what is held. */
final class LeakWords {
  private static final int MAX_TASKS = 6;

  private LeakWords() {}

  /** Such as {@code 1 pin} or {@code 16 references}. */
  static String amount(long amount, HoldKind kind) {
    String one =
        switch (kind) {
          case PIN -> "pin";
          case HALF_UNPIN -> "half-released pin";
          case REFERENCE, FOLIO_REFERENCE -> "reference";
        };
    return amount + " " + one + (amount == 1 ? "" : "s");
  }

  static String pages(long nrPages) {
    return nrPages == 1 ? "1 page" : nrPages + " pages";
  }

  /** Such as {@code gup_test-1061 (512), cat-7 (1)}. */
  static String tasks(List<TaskShare> tasks) {
    String shown =
        tasks.stream()
            .limit(MAX_TASKS)
            .map(task -> "%s (%d)".formatted(task.name(), task.amount()))
            .collect(Collectors.joining(", "));
    int more = tasks.size() - MAX_TASKS;
    return more > 0 ? shown + " and %d more tasks".formatted(more) : shown;
  }
}
