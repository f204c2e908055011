package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.trace.weave.Agent;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people type at {@code /sys/kernel/tracing}. */
class TracefsScenariosTest {
  private static final String T = "/sys/kernel/tracing/";
  private static final String MOD = "events/page_ref/page_ref_mod_unless/";
  private static final String PIN_16 = "gup_test -a -S -n 16 -m 1 -f /dev/dax0.0";

  private final ShellFixture lab = boot();

  private static ShellFixture boot() {
    Agent.premain(null, ByteBuddyAgent.getInstrumentation());
    ShellFixture fixture = new ShellFixture(Era.named("6.1"));
    fixture.run("ndctl create-namespace -r region0 -m devdax -M mem -a 4K");
    return fixture;
  }

  @AfterEach
  void end() {
    lab.close();
  }

  private String read(String file) {
    return lab.run("cat " + T + file);
  }

  /** What trace_pipe shows now; it would wait for more. */
  private String pipe() {
    lab.shell.execute("timeout 0.2 cat " + T + "trace_pipe");
    return lab.takeOut();
  }

  private void write(String value, String file) {
    lab.run("echo '" + value + "' > " + T + file);
  }

  private void append(String value, String file) {
    lab.run("echo '" + value + "' >> " + T + file);
  }

  /** Refuses a write; returns what was complained of. */
  private String refuse(String value, String file) {
    return lab.fail(Exit.FAILED, "echo '" + value + "' > " + T + file);
  }

  @Test
  void pageReferencesOfAPinShowInTrace() {
    write("1", "events/page_ref/enable");

    lab.run(PIN_16);
    write("0", "tracing_on");

    assertThat(read("trace"))
        .startsWith("# tracer: nop\n#\n# entries-in-buffer/entries-written: ")
        .containsPattern(
            "gup_test-\\d+ +\\[\\d{3}\\] \\.{5} +\\d+\\.\\d{6}: page_ref_mod_unless: pfn=0x70");
  }

  @Test
  void aWriteToTraceEmptiesIt() {
    write("1", "events/page_ref/enable");
    lab.run(PIN_16);
    assertThat(read("trace")).contains("page_ref_mod");

    lab.run("echo > " + T + "trace");

    assertThat(read("trace")).contains("entries-written: 0/0").doesNotContain("page_ref_mod");
  }

  @Test
  void whatThePipeHasShownIsGone() {
    write("first", "trace_marker");
    assertThat(pipe()).contains("first").doesNotContain("#");

    write("second", "trace_marker");

    assertThat(read("trace")).contains("second").doesNotContain("first");
    assertThat(pipe()).contains("second").doesNotContain("first");
    assertThat(pipe()).isEmpty();
    assertThat(read("per_cpu/cpu0/stats")).contains("entries: 0\n", "read events: 2\n");
  }

  @Test
  void aReaderOfThePipeGetsEventsAsTheyComeAndEndsWhenTracingIsOff() {
    lab.run("cd /sys/kernel/tracing; echo 1 > events/page_ref/enable");
    lab.run("cat trace_pipe | grep pfn=0x70205 &");
    lab.run("cd /; " + PIN_16);

    String shown = lab.run("echo 0 > /sys/kernel/tracing/tracing_on; wait");

    assertThat(shown.lines()).isNotEmpty().allMatch(line -> line.contains("pfn=0x70205 "));
  }

  @Test
  void aReaderThatHasEnoughEndsThePipeBeforeIt() {
    write("1", "events/page_ref/enable");
    lab.run(PIN_16);

    assertThat(lab.run("cat " + T + "trace_pipe | head -n 3")).hasLineCount(3);
    assertThat(lab.run("jobs")).isEmpty();
  }

  @Test
  void anotherTracerBeginsWithAnEmptyTraceThatNamesIt() {
    write("function", "current_tracer");
    lab.run(PIN_16);
    write("1", "snapshot");
    lab.run(PIN_16);

    write("nop", "current_tracer");

    assertThat(read("trace")).startsWith("# tracer: nop\n").contains("entries-written: 0/0");
    assertThat(read("snapshot")).contains("entries-written: 0/0");
    write("function", "current_tracer");
    assertThat(read("trace")).startsWith("# tracer: function\n");
  }

  @Test
  void pathsMayBeRelativeToWhereCdWent() {
    lab.run("cd /sys/kernel/tracing/events/page_ref");
    lab.run("echo 1 > ../pgmap/enable");

    assertThat(lab.run("pwd; cat ../pgmap/enable")).isEqualTo(T + "events/page_ref\n1\n");
    assertThat(lab.run("ls page_ref_mod/f* ./enable")).contains("page_ref_mod/filter", "enable");
    assertThat(lab.fail(Exit.FAILED, "cd nowhere")).contains("-ENOENT");
  }

  @Test
  void aFilterKeepsTheEventsThatItNames() {
    write("val == 1", MOD + "filter");
    write("pfn == 0x70201", MOD + "filter");
    write("1", MOD + "enable");

    lab.run(PIN_16);

    assertThat(read(MOD + "filter")).isEqualTo("pfn == 0x70201\n");
    assertThat(pipe().lines()).isNotEmpty().allMatch(l -> l.contains("pfn=0x70201 "));
  }

  @Test
  void aBadFilterIsRefusedAndExplained() {
    assertThat(refuse("pfm == 1", MOD + "filter")).contains("-EINVAL");

    assertThat(read("error_log"))
        .matches(
            "\\[ *\\d+\\.\\d{6}\\] event filter parse error: error: Field not found\n"
                + "  Command: pfm == 1\n +\\^\n");
    assertThat(read(MOD + "filter"))
        .startsWith("pfm == 1\n")
        .contains("parse_error: Field not found");
    lab.run("echo > " + T + "error_log");
    assertThat(read("error_log")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "hist:keys=pfn.hex:vals=val:sort=val, '\\{ pfn: +70[0-9a-f]+ \\} hitcount: +1  val: +1'",
    "hist:keys=stacktrace:vals=val, 'gup_test_ioctl'",
    "'hist:keys=common_pid.execname,pfn.hex', 'common_pid: gup_test +\\[ *\\d+\\]'",
  })
  void histogramsThatKernelPeopleTypeFirstCount(String hist, String shown) {
    write(hist, MOD + "trigger");

    lab.run(PIN_16);

    assertThat(read(MOD + "trigger")).startsWith("hist:keys=").contains("[active]");
    assertThat(read(MOD + "hist"))
        .startsWith("# event histogram\n#\n# trigger info: hist:keys=")
        .containsPattern(shown)
        .containsPattern("Totals:\n +Hits: [1-9]");
    assertThat(read("trace")).contains("entries-written: 0/0");
    lab.run("echo '!" + hist + "' >> " + T + MOD + "trigger");
    assertThat(read(MOD + "hist")).isEmpty();
  }

  @Test
  void aStackFollowsTheEventsThatTheTriggerChooses() {
    write("stacktrace if pfn == 0x70202", MOD + "trigger");
    write("1", MOD + "enable");

    lab.run(PIN_16);

    String pipe = pipe();
    assertThat(pipe).containsPattern("pfn=0x70202 .*\n.*<stack trace>\n => ");
    assertThat(pipe).contains(" => gup_test_ioctl").doesNotContainPattern("pfn=0x70203 .*\n.*<st");
  }

  @Test
  void aTriggerTurnsTracingOffAndCountsDown() {
    write("traceoff:1 if pfn == 0x70204", MOD + "trigger");
    write("1", MOD + "enable");

    lab.run(PIN_16);

    assertThat(read("tracing_on")).isEqualTo("0\n");
    assertThat(pipe()).contains("pfn=0x70204").doesNotContain("pfn=0x70205");
    assertThat(read(MOD + "trigger")).isEqualTo("traceoff:count=0 if pfn == 0x70204\n");
  }

  @Test
  void aTriggerTurnsAnotherEventOnWithoutWeavingAtTheEvent() {
    write("enable_event:page_ref:page_ref_mod_and_test:1 if pfn == 0x70204", MOD + "trigger");
    assertThat(read("events/page_ref/page_ref_mod_and_test/enable")).isEqualTo("0*\n");

    lab.run(PIN_16);

    assertThat(read("events/page_ref/page_ref_mod_and_test/enable")).isEqualTo("1*\n");
    assertThat(pipe()).contains("page_ref_mod_and_test: pfn=0x70204");
    lab.run("echo '!enable_event:page_ref:page_ref_mod_and_test' >> " + T + MOD + "trigger");
    assertThat(read("events/page_ref/page_ref_mod_and_test/enable")).isEqualTo("1\n");
  }

  @Test
  void aSnapshotTriggerSetsTheRingsAside() {
    write("snapshot:1 if pfn == 0x70204", MOD + "trigger");
    write("1", MOD + "enable");

    lab.run(PIN_16);

    assertThat(read("snapshot")).contains("pfn=0x70203").doesNotContain("pfn=0x70205");
    assertThat(read("trace")).contains("pfn=0x70205").doesNotContain("pfn=0x70203");
    write("0", "snapshot");
    assertThat(read("snapshot")).contains("Snapshot is freed");
  }

  @Test
  void aTriggerThatExistsIsRefusedAsSuch() {
    write("stacktrace", MOD + "trigger");

    assertThat(refuse("stacktrace", MOD + "trigger")).contains("-EEXIST");
    assertThat(refuse("enable_event:page_ref:nothing", MOD + "trigger")).contains("-EINVAL");
  }

  @Test
  void functionFiltersAreGlobsThatReplaceAppendAndRemove() {
    write("pin_user_* unpin_user_page", "set_ftrace_filter");
    append("gup_fast", "set_ftrace_filter");
    append("!pin_user_pages", "set_ftrace_filter");

    assertThat(read("set_ftrace_filter").lines())
        .contains("gup_fast", "pin_user_pages_fast", "unpin_user_page")
        .doesNotContain("pin_user_pages", "get_user_pages");
    assertThat(refuse("nothing_of_the_kind", "set_ftrace_filter")).contains("-EINVAL");
    assertThat(read("set_ftrace_filter")).isEqualTo("#### all functions enabled ####\n");
  }

  @Test
  void theFunctionTracerShowsCallersAlsoOfThePlugin() {
    write("dev_dax_* gup_fast", "set_ftrace_filter");
    write("function", "current_tracer");

    lab.run(PIN_16);
    write("0", "tracing_on");

    assertThat(read("available_filter_functions").lines()).contains("dev_dax_huge_fault");
    assertThat(pipe())
        .containsPattern(": dev_dax_huge_fault <-[a-z_]+\n")
        .containsPattern(": gup_fast <-[a-z_]+\n")
        .doesNotContain(": do_mmap");
  }

  @Test
  void setEventAddsAndTakesAway() {
    write("page_ref:*", "set_event");
    append("!page_ref:page_ref_set", "set_event");

    assertThat(read("set_event").lines())
        .contains("page_ref:page_ref_mod")
        .doesNotContain("page_ref:page_ref_set");
    assertThat(read("events/page_ref/enable")).isEqualTo("X\n");
    write("", "set_event");
    assertThat(read("events/enable")).isEqualTo("0\n");
  }

  @ParameterizedTest
  @CsvSource({
    "2, tracing_on", "wakeup, current_tracer", "sundial, trace_clock", "0, buffer_size_kb",
    "nosuch, trace_options", "7, snapshot", "x, events/enable", "foo:bar, set_event",
    "gibberish, events/page_ref/page_ref_mod/trigger"
  })
  void aValueThatAFileDoesNotTakeIsInvalid(String value, String file) {
    assertThat(refuse(value, file)).contains("-EINVAL").contains(file);
  }

  @Test
  void filesThatDoNotExistOrCannotBeWrittenSaySo() {
    assertThat(lab.fail(Exit.FAILED, "cat " + T + "nothing")).contains("-ENOENT");
    assertThat(refuse("1", "available_events")).contains("-EPERM");
    assertThat(lab.fail(Exit.FAILED, "cat " + T + "trace_marker")).contains("-EINVAL");
    assertThat(lab.run("cat /sys/kernel/debug/tracing/current_tracer")).isEqualTo("nop\n");
  }

  @Test
  void clockSizeAndOptionsReadBackAsWritten() {
    write("counter", "trace_clock");
    write("64", "buffer_size_kb");
    write("nooverwrite", "trace_options");
    write("1", "options/stacktrace");

    assertThat(read("trace_clock")).isEqualTo("local global [counter] mono mixed\n");
    assertThat(read("buffer_size_kb")).isEqualTo("64\n");
    assertThat(read("trace_options")).contains("stacktrace\n", "nooverwrite\n");
    assertThat(read("options/overwrite")).isEqualTo("0\n");
  }
}
