package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.shell.session.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code trace attach} on another JVM, which was started with the tracing agent or without. */
@Timeout(120)
class TraceAttachTest {
  private static final String SET_UP = "ndctl create-namespace -m devdax -a 2M -s 64M > /dev/null";
  private static final String PIN = "gup_test -a -S -n 16 -m 2 -r 1 -f /dev/dax0.0";

  /** Long, as nobody waits for its end: it is destroyed. */
  private static final int NR_ROUNDS = 2_000;

  @TempDir private Path directory;
  private final ShellFixture lab = new ShellFixture(Era.named("7.2"));
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    lab.close();
  }

  private Path file() {
    return directory.resolve("trace.dat");
  }

  private Process pgmap(List<String> options, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+EnableDynamicAgentLoading"));
    command.add("-Dpgmap.plugins=" + ShellFixture.PLUGINS);
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.pgmap.shell.Main"));
    command.addAll(List.of(arguments));
    return started(new ProcessBuilder(command));
  }

  private Process started(ProcessBuilder builder) throws IOException {
    Process process =
        builder.redirectErrorStream(true).redirectOutput(directory.resolve("out").toFile()).start();
    processes.add(process);
    return process;
  }

  /** A pgmap that pins and unpins all the time, and has begun to. */
  private Process busy(List<String> options) throws IOException, InterruptedException {
    String rounds = "for i in " + "x ".repeat(NR_ROUNDS) + "; do " + PIN + "; sleep 0.05; done";
    Path script = Files.writeString(directory.resolve("busy"), SET_UP + "\n" + rounds + "\n");
    Process process = pgmap(options, "run", script.toString());
    awaitOutput(process, "PIN_FAST_BENCHMARK: Time:");
    return process;
  }

  private void awaitOutput(Process process, String text) throws IOException, InterruptedException {
    while (!Files.readString(directory.resolve("out")).contains(text)) {
      assertThat(process.isAlive()).isTrue();
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private String attach(Process process, String options) {
    return lab.run("trace attach %d -o %s %s".formatted(process.pid(), file(), options));
  }

  private void attachInBackground(Process process, Path output) throws InterruptedException {
    lab.run("trace attach %d -o %s -e page_ref &".formatted(process.pid(), output));
    String said = "";
    while (!said.contains("Hit Ctrl^C to stop recording")) {
      TimeUnit.MILLISECONDS.sleep(20);
      said += lab.takeOut();
    }
  }

  private String refused(long pid, String options) {
    String error =
        lab.fail(
            Exit.BAD_FILE, "trace attach %d --seconds 1 -o %s %s".formatted(pid, file(), options));
    assertThat(error).hasLineCount(1).startsWith("trace: attach to " + pid + ": ");
    assertThat(file()).doesNotExist();
    return error;
  }

  /** The agent option of the launcher, with a jar of this test that has no class in it. */
  private List<String> javaAgent() throws IOException {
    Path jar = directory.resolve("premain.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", "dev.pgmap.trace.weave.Agent");
    manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    return List.of("-javaagent:" + jar);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void recordsAProcessStartedWithTheAgentOrWithout(boolean withAgent)
      throws IOException, InterruptedException {
    Process process = busy(withAgent ? javaAgent() : List.of());

    String said =
        attach(process, "--seconds 1 -e page_ref -f 'pfn == 0x400200' -T -p function -l gup_*");

    assertThat(said).containsPattern("trace.dat: [1-9][0-9]* events, 1 cpus, [0-9]+ bytes\n");
    assertThat(lab.run("trace-cmd report " + file()))
        .containsPattern("gup_test-\\d+ +\\[000\\] .*page_ref_mod_and_test: +pfn=0x400200 ")
        .containsPattern("function: +gup_fast\n")
        .contains("<stack trace")
        .doesNotContain("pfn=0x400201");
    assertThat(lab.run("trace leaks " + file())).contains(" changes of 1 page in ");
    assertThat(process.isAlive()).isTrue();
  }

  @Test
  void theProcessIsLeftAsItWasAndCanBeRecordedAgain() throws IOException, InterruptedException {
    Process process = busy(List.of());
    attach(process, "--seconds 0.3 -e page_ref -C counter");
    Files.delete(file());

    attach(process, "--seconds 0.3 -e page_ref_mod_and_test");

    assertThat(lab.run("trace-cmd report " + file()))
        .containsPattern("\\[000\\] +\\d+\\.\\d{6}: page_ref_mod_and_test:")
        .doesNotContain("page_ref_mod:");
  }

  @Test
  void anInterruptEndsTheRecordingWithItsFile() throws IOException, InterruptedException {
    Process process = busy(List.of());

    attachInBackground(process, file());
    TimeUnit.SECONDS.sleep(1);
    lab.run("kill $!; wait");

    assertThat(lab.run("trace-cmd report " + file())).contains("page_ref_mod_and_test:");
  }

  @Test
  void aMachineThatEndsIsRecordedUpToItsEnd() throws IOException, InterruptedException {
    String text = SET_UP + "\necho ready\nsleep 3\n" + PIN + "\n";
    Path script = Files.writeString(directory.resolve("short"), text);
    Process process = pgmap(List.of(), "run", script.toString());
    awaitOutput(process, "ready");

    attach(process, "-e page_ref");

    assertThat(process.waitFor()).isZero();
    assertThat(lab.run("trace-cmd report " + file())).contains("page_ref_mod_and_test:");
  }

  @Test
  void aSecondRecordingAtATimeIsRefused() throws IOException, InterruptedException {
    Process process = busy(List.of());
    Path first = directory.resolve("first.dat");
    attachInBackground(process, first);

    assertThat(refused(process.pid(), "-e page_ref")).contains("being traced already");

    lab.run("kill $!; wait");
    assertThat(first).exists();
  }

  @Test
  void whatTheMachineRefusesIsSaidAndLeavesNothingOn() throws IOException, InterruptedException {
    Process process = busy(List.of());

    assertThat(refused(process.pid(), "-e nothing")).contains("'nothing'", "-EINVAL");
    assertThat(refused(process.pid(), "-e page_ref -f pfm==1")).contains("-EINVAL");
    assertThat(refused(process.pid(), "-e page_ref -p waltz")).contains("'waltz'", "-EINVAL");

    attach(process, "--seconds 0.2 -e page_ref");
  }

  @Test
  void aProcessThatIsNoPgmapIsRefused() throws IOException {
    Process sleeping = started(new ProcessBuilder("sleep", "60"));

    assertThat(refused(sleeping.pid(), "-e page_ref")).contains("no JVM");
    assertThat(refused(ProcessHandle.current().pid(), "-e page_ref")).contains("this process");
    assertThat(sleeping.isAlive()).isTrue();
    sleeping.destroy();
    assertThat(refused(endedPid(sleeping), "-e page_ref")).contains("no such process");
  }

  private static long endedPid(Process process) {
    process.onExit().join();
    return process.pid();
  }
}
