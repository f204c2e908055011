package dev.pgmap.shell.conformance;

import dev.pgmap.shell.Shell;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command line of a recording, and how it is typed here.
 *
 * <p>The words after {@code sh -c} were recorded without their quotes: they are one word. A command
 * {@code (watched N s)} ran in the background of a script that looked after N seconds whether it
 * was over.
 *
 * @param line as recorded
 */
record RecordedCommand(String line) {
  private static final String SH = "sh -c ";
  private static final Pattern WATCHED =
      Pattern.compile("(?<command>.*) \\(watched (?<seconds>[0-9]{1,4}) s\\)");
  private static final String UPTIME = "$(cut -d' ' -f1 /proc/uptime)";

  /** Runs it; returns its exit code. */
  int run(Shell shell) {
    Matcher watched = WATCHED.matcher(line);
    if (watched.matches()) {
      return shell.execute(watch(watched.group("command"), watched.group("seconds")));
    }
    return line.startsWith(SH)
        ? shell.execute(List.of("sh", "-c", line.substring(SH.length())))
        : shell.execute(line);
  }

  private static String watch(String command, String seconds) {
    return "echo destroy-start %s; %s & sleep %s; [ -d /proc/$! ] && echo still running after %s s, at %s"
        .formatted(UPTIME, command, seconds, seconds, UPTIME);
  }

  /** Whether its exit code was not recorded. */
  boolean isWatched() {
    return WATCHED.matcher(line).matches();
  }

  /** Whether two programs print beside each other, so that the order of their lines may differ. */
  boolean hasBackground() {
    return line.contains(" & ");
  }
}
