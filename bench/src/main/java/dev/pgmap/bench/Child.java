package dev.pgmap.bench;

import dev.pgmap.trace.weave.Agent;
import dev.pgmap.trace.weave.ProbeScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Processes that measurements run in. */
final class Child {
  private Child() {}

  /**
   * Runs a command to its end.
   *
   * @return the lines that it printed
   * @throws IOException if it cannot be started
   * @throws IllegalStateException with what it printed if it failed
   */
  static List<String> run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    if (status != 0) {
      throw new IllegalStateException(
          "%s: exit %d%n%s".formatted(String.join(" ", command), status, output));
    }
    return output.lines().toList();
  }

  /** The command for a main class of ours, in a JVM with the options of the launcher. */
  static List<String> java(Class<?> main, List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:-UseCompactObjectHeaders",
                "-XX:+UseSerialGC",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(arguments);
    return command;
  }

  /** The same with the agent that tracing needs. */
  static List<String> traced(Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>(java(main, arguments));
    Path agent = ProbeScanner.sourceOf(Agent.class);
    command.addAll(1, List.of("-javaagent:" + agent, "--sun-misc-unsafe-memory-access=allow"));
    return command;
  }
}
