package dev.pgmap.shell.trace;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.read.TraceFiles;
import dev.pgmap.trace.replay.TimeMachine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trace step}: walks through a recording, back and forth, as one asks. */
@CommandLine.Command(
    name = "step",
    description = "Walk through a recording: n, b, +N, -N, N, and q to end.")
final class StepCommand implements Command {
  private static final String PROMPT = "step> ";

  private final Console console;

  @Mixin private RecordingFile file = new RecordingFile();

  @Option(
      names = "--pfn",
      paramLabel = "FIRST-LAST",
      description = "Only pages of that range.",
      converter = PfnRange.Converter.class)
  private PfnRange pfns = PfnRange.ALL;

  StepCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    TraceFiles.Opened opened = file.open();
    try (opened;
        TimeMachine time = new TimeMachine(opened.source())) {
      walk(new Walk(opened.source(), time, pfns));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Exit.OK;
  }

  private void walk(Walk walk) throws IOException {
    BufferedReader in = input();
    for (String line = ask(in); line != null && !line.equals("q"); line = ask(in)) {
      try {
        walk.goTo(
            switch (line) {
              case "", "n" -> "+1";
              case "b" -> "-1";
              default -> line;
            });
        walk.show(console.out());
      } catch (CommandException | TraceException e) {
        console.out().println(e.getMessage());
      }
    }
  }

  /** What was piped in, else the terminal, which nobody else reads while a command runs. */
  private BufferedReader input() {
    Reader piped = console.input();
    return new BufferedReader(
        piped != null ? piped : new InputStreamReader(System.in, Charset.defaultCharset()));
  }

  private @Nullable String ask(BufferedReader in) throws IOException {
    console.out().print(PROMPT);
    console.out().flush();
    String line = in.readLine();
    return line == null ? null : line.strip();
  }
}
