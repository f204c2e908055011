package dev.pgmap.bench.stress;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the canaries, all of which jcstress must catch, and then the tests, none of which may fail.
 *
 * <p>Exit status 0 means both. A checker that does not catch the canaries says nothing about the
 * rest, which is then not run.
 */
public final class StressRun {
  private static final List<Class<?>> CANARIES = List.of(LostGetCanary.class, NoGraceCanary.class);

  private final List<String> options;

  private StressRun(List<String> options) {
    this.options = options;
  }

  /**
   * Options of jcstress, such as {@code -m quick} or {@code -t Percpu}; {@code -m quick} if none.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    StressRun run = new StressRun(args.length == 0 ? List.of("-m", "quick") : List.of(args));
    System.exit(run.findsCanaries() && run.passes() ? 0 : 1);
  }

  private boolean findsCanaries() throws IOException, InterruptedException {
    boolean all = true;
    for (Class<?> canary : CANARIES) {
      boolean found = finds(canary);
      System.out.printf("%s: %s%n", canary.getSimpleName(), found ? "caught" : "NOT CAUGHT");
      all &= found;
    }
    return all;
  }

  private static boolean finds(Class<?> canary) throws IOException, InterruptedException {
    List<String> command = command(List.of("-m", "quick", "-t", canary.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    boolean failed = process.waitFor() != 0;
    return failed && output.contains("[FAILED] " + canary.getName());
  }

  private boolean passes() throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(options);
    if (!options.contains("-t")) {
      arguments.addAll(List.of("-t", "Stress$"));
    }
    return new ProcessBuilder(command(arguments)).inheritIO().start().waitFor() == 0;
  }

  private static List<String> command(List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:-UseCompactObjectHeaders",
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-r",
                "jcstress"));
    command.addAll(arguments);
    return command;
  }
}
