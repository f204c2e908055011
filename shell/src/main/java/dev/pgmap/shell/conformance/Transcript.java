package dev.pgmap.shell.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a scenario printed and how it went, without what no two runs have in common.
 *
 * @param parts the lines of each part
 */
record Transcript(List<Part> parts) {
  /**
   * A part that is compared by itself.
   *
   * @param name such as {@code zdtool}
   * @param lines in order
   */
  record Part(String name, List<String> lines) {}

  /** What a real kernel printed. */
  static Transcript recorded(Recording recording) {
    String result = recording.text(Recording.RESULT);
    List<String> oopsed = Oops.recorded(recording.text(Recording.DMESG));
    List<String> lines = new ArrayList<>();
    for (String line : result.lines().toList()) {
      if (!Oops.isDeadTask(line, oopsed)) {
        lines.addAll(Printed.ofRecording(line));
      }
    }
    return of(recording, result, lines, oopsed, recording.text(Recording.DMESG));
  }

  /** What was printed here. */
  static Transcript here(Recording recording, ScenarioRun.Outcome outcome) {
    RecordedCommand command = new RecordedCommand(recording.meta().command());
    String printed =
        command.isWatched() ? outcome.printed() : outcome.printed() + "exit=" + outcome.status();
    List<String> oopsed = Oops.here(outcome.log());
    List<String> lines = new ArrayList<>();
    for (String line : printed.lines().toList()) {
      if (oopsed.isEmpty() || !Oops.isErrorMessage(line)) {
        lines.addAll(Printed.ofConsole(line, lines.isEmpty() ? "" : lines.getLast()));
      }
    }
    String log = outcome.log().stream().map(entry -> entry + "\n").collect(Collectors.joining());
    return of(recording, printed, lines, oopsed, log);
  }

  /** Programs that print beside each other are compared each by itself, and by who waits. */
  private static Transcript of(
      Recording recording, String raw, List<String> lines, List<String> oopsed, String log) {
    List<Part> parts = new ArrayList<>();
    if (new RecordedCommand(recording.meta().command()).hasBackground()) {
      parts.add(new Part("file", lines.stream().filter(Printed::isOfFileChange).toList()));
      parts.add(
          new Part(
              "zdtool",
              lines.stream()
                  .filter(line -> Printed.isOfTool(line) && !Printed.isOfFileChange(line))
                  .toList()));
      parts.add(new Part("shell", lines.stream().filter(line -> !Printed.isOfTool(line)).toList()));
      parts.add(new Part("wait", Wait.in(raw)));
    } else {
      parts.add(new Part("output", lines));
    }
    parts.add(new Part("oops", oopsed));
    parts.add(new Part("dmesg", Printed.failuresIn(log)));
    Transcript transcript = new Transcript(parts);
    return new RecordedFilesystem(recording).renamesPages()
        ? transcript.withoutPageNumbers()
        : transcript;
  }

  private Transcript withoutPageNumbers() {
    return new Transcript(
        parts.stream()
            .map(part ->
                new Part(part.name, part.lines.stream().map(Printed::withoutPageNumbers).toList()))
            .toList());
  }

  /** The first difference to another transcript of the same scenario; null if there is none. */
  @Nullable String difference(Transcript here) {
    for (int i = 0; i < parts.size(); i++) {
      List<String> theirs = parts.get(i).lines();
      List<String> ours = here.parts.get(i).lines();
      for (int line = 0; line < Math.max(theirs.size(), ours.size()); line++) {
        String recorded = lineAt(theirs, line);
        String found = lineAt(ours, line);
        if (!Objects.equals(recorded, found)) {
          return "%s, line %d: recorded %s, here %s"
              .formatted(parts.get(i).name(), line + 1, recorded, found);
        }
      }
    }
    return null;
  }

  private static String lineAt(List<String> lines, int at) {
    return at < lines.size() ? "'" + lines.get(at).strip() + "'" : "nothing";
  }
}
