package dev.pgmap.shell.conformance;

import dev.pgmap.core.machine.Era;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a recording needs that is not there, so that it cannot be run. */
final class Needs {
  /** What a command line shows that it needs. */
  private static final Map<Pattern, String> BY_COMMAND = byCommand();

  private Needs() {}

  private static Map<Pattern, String> byCommand() {
    Map<Pattern, String> needs = new LinkedHashMap<>();
    needs.put(
        Pattern.compile("^hmm-tests$"),
        "is the whole of hmm-tests, for minutes, with huge pages set aside: run it by hand");
    needs.put(Pattern.compile("as listed$"), "is no command line: timings only");
    return needs;
  }

  /** What is missing; null if it can be run. */
  static @Nullable String of(Recording recording) {
    String command = recording.meta().command();
    if (Era.all().stream().noneMatch(era -> era.name().equals(recording.series()))) {
      return "needs an era " + recording.series();
    }
    for (Map.Entry<Pattern, String> need : BY_COMMAND.entrySet()) {
      if (need.getKey().matcher(command).find()) {
        return need.getValue();
      }
    }
    return null;
  }
}
