package dev.pgmap.trace.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.recipe.ProbePoints.Probe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is printed has to be a script that a shell, trace-cmd and the kernel understand. */
class RecipeTest {
  /** The kernel's grammar of probes, as far as recipes use it. */
  private static final Pattern DEFINITION =
      Pattern.compile(
          "(p|f):gup/\\w+ \\w+(%return)?"
              + " pfn=(%\\w\\w|\\$retval|\\w+):u64 val=(\\\\\\d|%\\w\\w|\\w+):s32");

  private static Recipe all(ProbePoints probes) {
    return new Recipe(probes, 0, Long.MAX_VALUE);
  }

  private static List<String> commands(Recipe recipe) {
    return recipe.lines().stream()
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .toList();
  }

  private static String only(Recipe recipe, String start) {
    return commands(recipe).stream().filter(line -> line.startsWith(start)).findFirst().orElse("");
  }

  private record Ran(int status, String out) {}

  private static Ran shell(Path directory, List<String> lines, String... options) throws Exception {
    Path script = Files.write(directory.resolve("recipe.sh"), lines);
    List<String> command = new java.util.ArrayList<>(List.of("bash"));
    command.addAll(List.of(options));
    command.add(script.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), out);
  }

  @ParameterizedTest
  @EnumSource(ProbePoints.class)
  void aShellTakesAllOfIt(ProbePoints probes, @TempDir Path directory) throws Exception {
    assertThat(shell(directory, all(probes).lines(), "-n")).isEqualTo(new Ran(0, ""));
    assertThat(shell(directory, List.of("if then"), "-n").status()).isNotZero();
  }

  @ParameterizedTest
  @EnumSource(ProbePoints.class)
  void probesAreWrittenAsTheKernelWantsThemAndTakenAway(ProbePoints probes, @TempDir Path directory)
      throws Exception {
    Path events = directory.resolve("dynamic_events");
    List<String> lines =
        commands(all(probes)).stream()
            .filter(line -> line.startsWith("printf") || line.startsWith("echo '-"))
            .map(line -> line.replace("/sys/kernel/tracing/dynamic_events", events.toString()))
            .toList();

    shell(directory, lines);

    List<String> written = Files.readAllLines(events);
    int nr = probes.probes().size();
    assertThat(written).hasSize(2 * nr);
    assertThat(written.subList(0, nr)).allMatch(line -> DEFINITION.matcher(line).matches());
    assertThat(written.subList(nr, 2 * nr))
        .containsExactlyElementsOf(
            probes.probes().stream().map(probe -> "-:gup/" + probe.event()).toList());
  }

  @Test
  void namesOfArgumentsAreOnlyUsedWhereFprobesKnowThem() {
    assertThat(ProbePoints.V6_1.probes()).allMatch(probe -> probe.definition().startsWith("p:"));
    assertThat(ProbePoints.V6_12.probes()).allMatch(probe -> probe.definition().startsWith("f:"));
  }

  @ParameterizedTest
  @CsvSource({"5.10,V5_10", "5.15,V5_10", "5.17,V6_1", "6.1,V6_1", "6.12,V6_12", "7.2,V7_2"})
  void aKernelHasTheFunctionsOfItsTime(String version, ProbePoints probes) {
    String[] numbers = version.split("\\.", 2);

    assertThat(ProbePoints.of(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1])))
        .isEqualTo(probes);
  }

  @Test
  void aRangeOfPagesFiltersTheEventsBeforeIt() {
    Recipe recipe = new Recipe(ProbePoints.V7_2, 0x400000, 0x400fff);
    String filter = "'pfn >= 0x400000 && pfn <= 0x400fff'";

    assertThat(only(recipe, "trace-cmd record")).contains("-e page_ref -f " + filter + " ");
    assertThat(only(recipe, "perf record")).contains("-e 'page_ref:*' --filter " + filter + " ");
    assertThat(String.join("\n", all(ProbePoints.V7_2).lines())).doesNotContain("pfn >=");
  }

  /** trace-cmd refuses functions that a kernel lacks, so that only those it has may be named. */
  @Test
  void onlyFunctionsThatTheKernelHasAreTraced(@TempDir Path directory) throws Exception {
    Path functions =
        Files.write(
            directory.resolve("functions"),
            List.of("memunmap_pages", "dax_break_layout_final", "xfs_wait_dax_page [xfs]"));

    List<String> lines = traceCmdOf(ProbePoints.V7_2, functions);

    assertThat(shell(directory, lines).out())
        .contains("-p function -l memunmap_pages -l dax_break_layout_final -l xfs_wait_dax_page -o")
        .doesNotContain("-l dax_break_layout ")
        .doesNotContain("arch_remove_memory");
  }

  @Test
  void withoutAnyOfThemNoFunctionIsTraced(@TempDir Path directory) throws Exception {
    Path none = Files.createFile(directory.resolve("functions"));

    assertThat(shell(directory, traceCmdOf(ProbePoints.V7_2, none)).out())
        .contains("-e page_ref -o trace.dat")
        .doesNotContain("-p function");
  }

  /** The lines of the first recipe, with a list of functions of our own; the command is printed. */
  private static List<String> traceCmdOf(ProbePoints probes, Path functions) throws IOException {
    String waits =
        only(all(probes), "waits=")
            .replace(
                "/sys/kernel/tracing/available_filter_functions",
                functions.toRealPath().toString());
    return List.of(waits, "echo " + only(all(probes), "trace-cmd record"));
  }

  @ParameterizedTest
  @EnumSource(ProbePoints.class)
  void bpftraceProbesTheSameFunctions(ProbePoints probes) {
    String program = probes.bpftrace();
    if (program.isEmpty()) {
      assertThat(probes.seesPuts()).isFalse();
      return;
    }
    assertThat(program.chars().filter(c -> c == '{').count())
        .isEqualTo(program.chars().filter(c -> c == '}').count());
    Matcher probed = Pattern.compile("(?:kprobe|fentry|fexit):(\\w+)").matcher(program);

    assertThat(probed.results().map(result -> result.group(1)).distinct())
        .containsExactlyInAnyOrderElementsOf(
            probes.probes().stream().map(Probe::function).distinct().toList());
  }
}
