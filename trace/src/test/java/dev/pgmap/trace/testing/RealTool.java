package dev.pgmap.trace.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A program that judges what we write. Where it is not installed, the test is skipped; if the
 * system property {@value #REQUIRED} is {@code true}, as in CI, the test fails instead.
 */
public record RealTool(String program) {
  /** The property that makes absence a failure. */
  public static final String REQUIRED = "pgmap.tools.required";

  private static final Path NO_INPUT = Path.of("/dev/null");
  private static final long TIMEOUT_SECONDS = 120;

  /**
   * What a program did.
   *
   * @param exit its exit status
   * @param out lines of its standard output
   * @param err its standard error
   */
  public record Outcome(int exit, List<String> out, String err) {
    /** The output as one text. */
    public String text() {
      return String.join("\n", out);
    }
  }

  /** A program of this name on the path; else the test ends here, skipped or failed. */
  public static RealTool named(String program, String debianPackage) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      if (Files.isExecutable(Path.of(folder, program))) {
        return new RealTool(program);
      }
    }
    absent("%s is not installed: apt-get install %s".formatted(program, debianPackage));
    throw new AssertionError("not reached");
  }

  /** Ends the test because something it needs is absent. */
  public static void absent(String reason) {
    if (Boolean.getBoolean(REQUIRED)) {
      Assertions.fail(reason);
    }
    Assumptions.abort(reason);
  }

  /** Runs it in an English locale, and waits for its end; it must succeed. */
  public Outcome run(Object... arguments) {
    return runOn(NO_INPUT, arguments);
  }

  /** The same with a file as its standard input. */
  public Outcome runOn(Path input, Object... arguments) {
    Outcome outcome = outcomeOf(input, arguments);
    if (outcome.exit != 0) {
      throw new AssertionError(
          "%s %s: exit %d%n%s%n%s"
              .formatted(program, List.of(arguments), outcome.exit, outcome.text(), outcome.err));
    }
    return outcome;
  }

  private Outcome outcomeOf(Path input, Object... arguments) {
    List<String> command = new ArrayList<>(List.of(program));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    try {
      return outcome(command, input);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Outcome outcome(List<String> command, Path input)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("tool", ".out");
    Path err = Files.createTempFile("tool", ".err");
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("LC_ALL", "C");
      builder.redirectOutput(out.toFile()).redirectError(err.toFile());
      Process process = builder.redirectInput(input.toFile()).start();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("%s: no end after %d s".formatted(command, TIMEOUT_SECONDS));
      }
      return new Outcome(process.exitValue(), Files.readAllLines(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }
}
