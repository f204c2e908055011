package dev.pgmap.shell.conformance;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.session.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code conformance}: recordings of real kernels, run again here and compared. */
@CommandLine.Command(
    name = "conformance",
    description = {
      "Run recordings of real kernels again, each on a machine like its own, and compare.",
      "Compared are the page_ref events of each page, and what was printed: errors, waits,"
          + " signals.",
      "The exit code is 1 if there is a difference that is not explained, or an explanation of one",
      "that is gone."
    })
public final class ConformanceCommand implements Command {
  private final Console console;

  @Parameters(
      paramLabel = "DIR",
      arity = "0..1",
      description =
          "A folder of recordings, SERIES/SCENARIO/meta.txt. Default: those that come along.")
  private @Nullable Path directory;

  @Option(
      names = "--series",
      paramLabel = "SERIES",
      description = "Only that kernel's, such as 6.1.")
  private @Nullable String series;

  @Option(
      names = "--scenario",
      paramLabel = "GLOB",
      description = "Only those of that name, such as 'S4-*' or 'S[45]*-{held,idle}'.")
  private String scenario = "*";

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Write the table there, too.")
  private @Nullable Path markdown;

  private ConformanceCommand(Console console) {
    this.console = console;
  }

  /** The command on that console, whose machine it leaves alone. */
  public static CommandLine of(Console console) {
    return new CommandLine(new ConformanceCommand(console));
  }

  @Override
  public int call() {
    List<Recording> all = directory == null ? Recordings.bundled() : Recordings.in(directory);
    PathMatcher names = names();
    List<Recording> wanted = all.stream().filter(one -> isWanted(one, names)).toList();
    if (wanted.isEmpty()) {
      throw CommandException.usage(
          "found none of %d recordings with that series and name, expected at least one",
          all.size());
    }
    List<Row> rows = run(all, wanted);
    if (Group.wantsJson(console, json)) {
      console.out().println(Reports.json(rows));
    } else {
      Reports.text(rows).forEach(console.out()::println);
    }
    if (markdown != null) {
      write(markdown, MarkdownReport.of(rows));
    }
    return rows.stream().anyMatch(row -> row.verdict().isFailure()) ? Exit.FAILED : Exit.OK;
  }

  private PathMatcher names() {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + scenario);
    } catch (PatternSyntaxException e) {
      throw CommandException.badValue("--scenario", scenario, "a pattern such as 'S4-*'");
    }
  }

  private boolean isWanted(Recording recording, PathMatcher names) {
    return (series == null || recording.series().equals(series))
        && names.matches(Path.of(recording.scenario()));
  }

  private List<Row> run(List<Recording> all, List<Recording> wanted) {
    Conformance conformance =
        new Conformance(
            console.session().pluginDirectory(),
            all,
            History.bundled(),
            KnownDifferences.bundled());
    List<Row> rows = new ArrayList<>();
    try (Progress progress = console.progress("running recordings", wanted.size())) {
      for (Recording recording : wanted) {
        Console.checkInterrupted();
        rows.add(conformance.run(recording));
        progress.report(rows.size());
      }
    }
    return rows;
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CommandException(
          Exit.FAILED,
          "--markdown: cannot write " + file + ", expected a file in a folder that exists");
    }
  }
}
