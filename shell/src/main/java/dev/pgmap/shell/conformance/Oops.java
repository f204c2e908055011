package dev.pgmap.shell.conformance;

import dev.pgmap.core.log.KernelLog;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one equivalence between what a real kernel dies of and what the engine says instead.
 *
 * <p>A put or an unpin of a page whose struct page was removed: a real kernel reads memory that is
 * gone or overwritten, and oopses ({@code BUG: unable to handle page fault ... Comm: zdtool} in
 * dmesg). The task ends there, prints nothing more, and stays in {@code ps} in brackets. The engine
 * logs {@code BUG: use of a removed struct page: put by zdtool[101]} and fails the call, so that
 * the task ends with an error message.
 */
final class Oops {
  private static final Pattern RECORDED =
      Pattern.compile("(?s)\\] BUG: (?:unable to handle|kernel NULL pointer).*?Comm: (\\S+)");
  private static final Pattern HERE =
      Pattern.compile("use of a removed struct page: \\w+ by ([^\\[]+)\\[");
  private static final String ERROR_MESSAGE = " has no struct page: ";

  private Oops() {}

  /** The tasks that a real kernel's {@code dmesg} says have oopsed, each once, sorted. */
  static List<String> recorded(String dmesg) {
    TreeSet<String> tasks = new TreeSet<>();
    Matcher oops = RECORDED.matcher(dmesg);
    while (oops.find()) {
      tasks.add(oops.group(1));
    }
    return List.copyOf(tasks);
  }

  /** The tasks of which the engine says that a kernel would have oopsed. */
  static List<String> here(List<KernelLog.Entry> log) {
    TreeSet<String> tasks = new TreeSet<>();
    for (KernelLog.Entry entry : log) {
      Matcher oops = HERE.matcher(entry.text());
      if (entry.level() == KernelLog.Level.BUG && oops.find()) {
        tasks.add(oops.group(1));
      }
    }
    return List.copyOf(tasks);
  }

  /** Whether a printed line is how the engine's task ends where a real one oopses. */
  static boolean isErrorMessage(String line) {
    return line.contains(ERROR_MESSAGE);
  }

  /** Whether a line of {@code ps} shows a task that oopsed and cannot end. */
  static boolean isDeadTask(String line, List<String> oopsed) {
    return oopsed.stream().anyMatch(task -> line.endsWith("[" + task + "]"));
  }
}
