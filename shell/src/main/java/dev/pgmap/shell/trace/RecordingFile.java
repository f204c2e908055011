package dev.pgmap.shell.trace;

import dev.pgmap.shell.session.CommandException;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.read.ReadOptions;
import dev.pgmap.trace.read.TraceFiles;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments of a command that works on a recording; a mixin. */
final class RecordingFile {
  @Parameters(paramLabel = "FILE", description = "The recording; .gz and .zst are unpacked.")
  private Path path = Path.of("");

  @Option(
      names = "--pattern",
      paramLabel = "REGEX",
      description =
          "For a log: what a line looks like that is an event, as a Java regex. Named groups are"
              + " its fields; ts, event, pid, comm, cpu and function mean what they say; nameHex is"
              + " hexadecimal.")
  private @Nullable String pattern;

  /**
   * Opens it.
   *
   * @throws TraceException if it cannot be read
   * @throws CommandException if the pattern is none
   */
  TraceFiles.Opened open() {
    return open(path, pattern);
  }

  /**
   * Opens a recording.
   *
   * @param pattern what a line of a log looks like; null for a recording of another kind
   * @throws TraceException if it cannot be read
   * @throws CommandException if the pattern is none
   */
  static TraceFiles.Opened open(Path path, @Nullable String pattern) {
    return TraceFiles.open(path, new ReadOptions(compiled(pattern)));
  }

  private static @Nullable Pattern compiled(@Nullable String regex) {
    try {
      return regex == null ? null : Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw CommandException.badValue("--pattern", regex, "a regex: " + e.getDescription());
    }
  }
}
