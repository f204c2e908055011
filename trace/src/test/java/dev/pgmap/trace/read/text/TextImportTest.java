package dev.pgmap.trace.read.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.read.ReadOptions;
import dev.pgmap.trace.read.TraceFiles;
import dev.pgmap.trace.read.TraceKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextImportTest {
  private static final String FIVE_COLUMNS =
      """
      # tracer: nop
      #
      # entries-in-buffer/entries-written: 3/3   #P:4
      #
      #                                _-----=> irqs-off/BH-disabled
      #                               / _----=> need-resched
      #                              | / _---=> hardirq/softirq
      #                              || / _--=> preempt-depth
      #                              ||| / _-=> migrate-disable
      #                              |||| /     delay
      #           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
      #              | |         |   |||||     |         |
      """;

  @TempDir private Path directory;

  private TraceFiles.Opened open(String text) {
    return open(text, ReadOptions.NONE);
  }

  private TraceFiles.Opened open(String text, ReadOptions options) {
    try {
      return TraceFiles.open(Files.writeString(directory.resolve("trace.txt"), text), options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aPageRefEventHasTheKernelsFields() {
    try (TraceFiles.Opened opened =
        open(
            FIVE_COLUMNS
                + "        gup_test-313     [002] dNh2.     9.810194: page_ref_mod_and_test:"
                + " pfn=0x70200 flags=referenced|dirty|reserved count=2 mapcount=-1"
                + " mapping=ff110002003a6400 mt=1 val=-1 ret=0\n")) {
      assertThat(opened.kind()).isEqualTo(TraceKind.FTRACE_TEXT);
      assertThat(opened.source().nrCpus()).isEqualTo(4);
      assertThat(opened.source().clock().isTime()).isTrue();
      try (TraceCursor cursor = opened.source().open()) {
        assertThat(cursor.next()).isTrue();
        TraceEvent event = cursor.event();

        assertThat(event.format()).hasToString("page_ref:page_ref_mod_and_test");
        assertThat(number(event, "pfn")).isEqualTo(0x70200);
        assertThat(number(event, "mapcount")).isEqualTo(-1);
        assertThat(number(event, "mapping")).isEqualTo(0xff110002003a6400L);
        assertThat(number(event, "val")).isEqualTo(-1);
        assertThat(number(event, "ret")).isZero();
        assertThat(Long.bitCount(number(event, "flags"))).isEqualTo(3);
        assertThat(event.comm()).isEqualTo("gup_test");
        assertThat(event.pid()).isEqualTo(313);
        assertThat(event.cpu()).isEqualTo(2);
        assertThat(event.timestamp()).isEqualTo(9_810_194_000L);
        assertThat(event.flags()).isEqualTo(0x01 | 0x04 | 0x20 | 0x08);
        assertThat(event.preemptCount()).isEqualTo(2);
        assertThat(cursor.next()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          task-7 [001] d..1 1.000002: e: x=1                    | task 7 1 1000002000 1 1
          task-7 [001] d..12 1.000002: e: x=1                   | task 7 1 1000002000 1 33
          task-7 [001] dN.h12 1.000002: e: x=1                  | task 7 1 1000002000 45 33
          task-7 [001] 1.000002: e: x=1                         | task 7 1 1000002000 0 0
          task-7 [001] 1.000002003: e: x=1                      | task 7 1 1000002003 0 0
          task-7 (  123) [001] .... 1.000002: e: x=1            | task 7 1 1000002000 0 0
          task-7 (-----) [001] .... 1.000002: e: x=1            | task 7 1 1000002000 0 0
          task-7 [001] (123) .... 1.000002: e: x=1              | task 7 1 1000002000 0 0
          kworker/u4:2-ev-7 [001] .... 1.000002: e: x=1         | kworker/u4:2-ev 7 1 1000002000 0 0
          my - task (x) [3]-7 [001] .... 1.000002: e: x=1       | my - task (x) [3] 7 1 1000002000 0 0
          <idle>-0 [001] ..s. 1.000002: e: x=1                  | <idle> 0 1 1000002000 16 0
          task-7 0d..2 12us!: e: x=1                            | task 7 0 12000 1 2
          my task-7        0d..2.     1.000002: e: x=1          | my task 7 0 1000002000 1 2
          """)
  void headsOfAllKernelsAreRead(String line, String expected) {
    try (TraceFiles.Opened opened = open(line + "\n");
        TraceCursor cursor = opened.source().open()) {
      assertThat(cursor.next()).isTrue();
      TraceEvent event = cursor.event();

      assertThat(
              "%s %d %d %d %d %d"
                  .formatted(
                      event.comm(),
                      event.pid(),
                      event.cpu(),
                      event.timestamp(),
                      event.flags(),
                      event.preemptCount()))
          .isEqualTo(expected);
      assertThat(number(event, "x")).isEqualTo(1);
    }
  }

  @Test
  void stampsWithoutAFractionAreCounts() {
    try (TraceFiles.Opened opened =
        open("a-1 [000] .... 17: e: x=1\n" + "a-1 [000] .... 18: e: x=2\n")) {
      assertThat(opened.source().clock().isTime()).isFalse();
      assertThat(lines(opened.source())).containsExactly("17 a e x=1", "18 a e x=2");
    }
  }

  @Test
  void twoKindsOfStampsAreAnError() {
    assertThatThrownBy(() -> open("a-1 [000] .... 17: e: x=1\na-1 [000] .... 1.8: e: x=2\n"))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("trace.txt:2: a stamp in seconds, expected a count as before");
  }

  @Test
  void stacksAreEventsRightBehindWithAddressesOfTheirOwn() {
    try (TraceFiles.Opened opened =
        open(
            """
            a-1 [000] .... 1.000001: page_ref_set: pfn=0x1 flags=none count=1 mapcount=0 \
            mapping=0000000000000000 mt=0 val=1
            a-1 [000] .... 1.000002: <stack trace>
             => try_grab_folio
             => gup_fast+0x12/0x80 [mod]
             => 0
             => <00007f0012345678>
            a-1 [000] .... 1.000003: gup_fast <-pin_user_pages
            """)) {
      TraceSource source = opened.source();
      try (TraceCursor cursor = source.open()) {
        assertThat(cursor.next() && number(cursor.event(), "val") == 1).isTrue();
        assertThat(cursor.next()).isTrue();
        TraceEvent stack = cursor.event();
        EventField caller = Objects.requireNonNull(stack.format().field("caller"));

        assertThat(stack.format()).hasToString("ftrace:kernel_stack");
        assertThat(stack.length(caller)).isEqualTo(4);
        assertThat(source.symbols().nameOf(stack.element(caller, 0))).isEqualTo("try_grab_folio");
        assertThat(source.symbols().nameOf(stack.element(caller, 1))).isEqualTo("gup_fast");
        assertThat(stack.element(caller, 3)).isEqualTo(0x7f0012345678L);
        assertThat(cursor.next()).isTrue();
        TraceEvent function = cursor.event();
        assertThat(function.format()).hasToString("ftrace:function");
        assertThat(source.symbols().nameOf(number(function, "ip"))).isEqualTo("gup_fast");
        assertThat(source.symbols().nameOf(number(function, "parent_ip")))
            .isEqualTo("pin_user_pages");
      }
    }
  }

  @Test
  void lossesBelongToTheNextEventOfTheirCpu() {
    try (TraceFiles.Opened opened =
        open(
            """
            a-1 [000] .... 1.000001: e: x=1
            CPU:1 [LOST 42 EVENTS]
            a-1 [000] .... 1.000002: e: x=2
            a-1 [001] .... 1.000003: e: x=3
            CPU:0 [EVENTS DROPPED]
            a-1 [000] .... 1.000004: e: x=4
            CPU:0 [7 EVENTS DROPPED]
            a-1 [000] .... 1.000005: e: x=5
            """)) {
      assertThat(losses(opened.source())).containsExactly(0L, 0L, 42L, -1L, 7L);
    }
  }

  @Test
  void aTreeOfCallsHasItsEventsAndTheCallersOfItsFunctions() {
    try (TraceFiles.Opened opened =
        open(
            """
            # tracer: function_graph
            #
            # CPU  DURATION                  FUNCTION CALLS
            # |     |   |                     |   |   |   |
             1)               |  gup_fast() {
             1)               |    /* page_ref_mod: pfn=0x70200 flags=referenced|dirty count=2 \
            mapcount=0 mapping=0000000000000000 mt=1 val=1 */
             1)               |    /* <stack trace>
             => try_grab_folio
             => gup_fast */
             1)   0.330 us    |    try_grab_folio [mod](); /* ret=0x0 */
             1) + 12.330 us   |  }
             ------------------------------------------
             1)  train-42     => my app-7
             ------------------------------------------

             1)   ==========> |
             1)               |    irq_enter(x=1) {
            CPU:1 [LOST 9 EVENTS]
             1)               |  /* half way */
            """)) {
      assertThat(opened.kind()).isEqualTo(TraceKind.FTRACE_TEXT);
      assertThat(opened.skippedLines()).isZero();
      assertThat(opened.source().clock().isTime()).isFalse();
      assertThat(calls(opened.source()))
          .containsExactly(
              "5 1 <...>--1 function gup_fast <- 0x0",
              "6 1 <...>--1 page_ref_mod 70200",
              "7 1 <...>--1 kernel_stack try_grab_folio gup_fast",
              "10 1 <...>--1 function try_grab_folio <- gup_fast",
              "17 1 my app-7 function irq_enter <- 0x0",
              "19 1 my app-7 print half way lost 9");
    }
  }

  @Test
  void aTreeOfCallsMayTellTimesTasksAndFlags() {
    try (TraceFiles.Opened opened =
        open(
            """
                5.123456 |   0)  a b-c-313  |  d..1. |   0.330 us    |  put_page();
                5.123457 |   0)  a b-c-313  |  ..... |               |  /* nv: x=1 */
            """)) {
      assertThat(opened.source().clock().isTime()).isTrue();
      assertThat(calls(opened.source()))
          .containsExactly(
              "5123456000 0 a b-c-313 function put_page <- 0x0", "5123457000 0 a b-c-313 nv");
    }
  }

  /** Events with what is told of functions and pages. */
  private static List<String> calls(TraceSource source) {
    List<String> calls = new ArrayList<>();
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        TraceEvent event = cursor.event();
        calls.add(
            "%d %d %s-%d %s%s%s"
                .formatted(
                    event.timestamp(),
                    event.cpu(),
                    event.comm(),
                    event.pid(),
                    event.format().name(),
                    told(source, event),
                    event.lost() == 0 ? "" : " lost " + event.lost()));
      }
    }
    return calls;
  }

  private static String told(TraceSource source, TraceEvent event) {
    return switch (event.format().name()) {
      case "function" ->
          " %s <- %s"
              .formatted(
                  name(source, number(event, "ip")), name(source, number(event, "parent_ip")));
      case "page_ref_mod" -> " %x".formatted(number(event, "pfn"));
      case "print" -> " " + event.text(Objects.requireNonNull(event.format().field("buf")));
      case "kernel_stack" -> {
        EventField callers = Objects.requireNonNull(event.format().field("caller"));
        StringBuilder frames = new StringBuilder();
        for (int i = 0; i < event.length(callers); i++) {
          frames.append(' ').append(name(source, event.element(callers, i)));
        }
        yield frames.toString();
      }
      default -> "";
    };
  }

  private static String name(TraceSource source, long address) {
    String name = source.symbols().nameOf(address);
    return name == null ? "0x" + Long.toHexString(address) : name;
  }

  @Test
  void whatIsNoEventIsCountedAndTheFirstIsTold() {
    try (TraceFiles.Opened opened =
        open(
            """
            # tracer: nop
            ##### CPU 1 buffer started ####
             0)   1.234 us    |  gup_fast();
            a-1 [000] .... 1.000001: e: x=1
             0)               |  }
            """)) {
      assertThat(opened.skippedLines()).isEqualTo(2);
      assertThat(opened.firstSkippedLine()).isEqualTo(3);
      assertThat(lines(opened.source())).containsExactly("1000001000 a e x=1");
    }
  }

  @Test
  void traceCmdReportNamesItsBuffers() {
    try (TraceFiles.Opened opened =
        open(
            """
            cpus=8
             bad-run:         gup_test-87    [000]     5.721167: e:                    x=1
                              gup_test-87    [000]     5.721168: e:                    x=2
                              gup_test-87    [003]     5.721169: kernel_stack:         <stack trace >
            => try_grab_folio (ffffffff81000100)
                              gup_test-87    [003]     5.721170: print:                \
            tracing_mark_write: hello
            """)) {
      assertThat(opened.kind()).isEqualTo(TraceKind.REPORT_TEXT);
      assertThat(opened.source().nrCpus()).isEqualTo(8);
      try (TraceCursor cursor = opened.source().open()) {
        assertThat(cursor.next() && cursor.event().buffer().equals("bad-run")).isTrue();
        assertThat(cursor.event().comm()).isEqualTo("gup_test");
        assertThat(cursor.next() && cursor.event().buffer().isEmpty()).isTrue();
        assertThat(cursor.next() && cursor.event().format().name().equals("kernel_stack")).isTrue();
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.event().format()).hasToString("ftrace:print");
        assertThat(text(cursor.event(), "buf")).isEqualTo("hello");
      }
    }
  }

  @Test
  void perfScriptHasCallChains() {
    try (TraceFiles.Opened opened =
        open(
            """
            # captured on: today
            my task   313 [002]     9.810194: page_ref:page_ref_mod: pfn=0x70200 flags=0x14 \
            count=2 mapcount=0 mapping=0xff110002003a6400 mt=1 val=1
            \tffffffff81234567 try_grab_folio+0x57 ([kernel.kallsyms])
            \tffffffff81234999 [unknown] (/usr/lib/libc.so.6)

            gup_test 313/314 9.810195123:          1 page_ref:page_ref_mod: pfn=0x70201 flags=0x14 \
            count=1 mapcount=0 mapping=(nil) mt=1 val=-1

            """)) {
      assertThat(opened.kind()).isEqualTo(TraceKind.PERF_TEXT);
      assertThat(opened.skippedLines()).isZero();
      try (TraceCursor cursor = opened.source().open()) {
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.event().comm()).isEqualTo("my task");
        assertThat(cursor.event().format()).hasToString("page_ref:page_ref_mod");
        assertThat(number(cursor.event(), "flags")).isEqualTo(0x14);
        assertThat(cursor.next()).isTrue();
        TraceEvent stack = cursor.event();
        EventField caller = Objects.requireNonNull(stack.format().field("caller"));
        assertThat(stack.cpu()).isEqualTo(2);
        assertThat(stack.pid()).isEqualTo(313);
        assertThat(opened.source().symbols().nameOf(stack.element(caller, 0)))
            .isEqualTo("try_grab_folio");
        assertThat(stack.element(caller, 1)).isEqualTo(0xffffffff81234999L);
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.event().pid()).isEqualTo(314);
        assertThat(cursor.event().timestamp()).isEqualTo(9_810_195_123L);
        assertThat(number(cursor.event(), "val")).isEqualTo(-1);
      }
    }
  }

  @Test
  void anEventThatNobodyKnowsKeepsItsTextAndItsFields() {
    try (TraceFiles.Opened opened =
        open(
            """
            a-1 [000] .... 1.000001: my_event: prev_comm=foo bar prev_pid=1 ==> state=R n=-3
            a-1 [000] .... 1.000002: my_event: prev_comm=x prev_pid=2 ==> state=S n=4 extra=0x10
            a-1 [000] .... 1.000003: other: nothing that looks like a field
            """)) {
      EventFormat format = Objects.requireNonNull(opened.source().events().byName("my_event"));
      assertThat(format.fields())
          .extracting(EventField::declaration)
          .containsExactly(
              "s64 n",
              "u64 extra",
              "__data_loc char[] prev_comm",
              "__data_loc char[] prev_pid",
              "__data_loc char[] state",
              "__data_loc char[] text");
      try (TraceCursor cursor = opened.source().open()) {
        assertThat(cursor.next()).isTrue();
        assertThat(number(cursor.event(), "n")).isEqualTo(-3);
        assertThat(number(cursor.event(), "extra")).isZero();
        assertThat(text(cursor.event(), "prev_comm")).isEqualTo("foo bar");
        assertThat(text(cursor.event(), "text"))
            .isEqualTo("prev_comm=foo bar prev_pid=1 ==> state=R n=-3");
        assertThat(cursor.next()).isTrue();
        assertThat(number(cursor.event(), "extra")).isEqualTo(16);
      }
    }
  }

  @Test
  void aLogIsReadByAPattern() {
    ReadOptions options =
        new ReadOptions(
            Pattern.compile(
                "\\[ *(?<ts>\\d+\\.\\d+)\\] nv: (?<event>\\w+) page (?<pfnHex>\\w+)"
                    + " by (?<function>\\S+) in (?<comm>.*)/(?<pid>\\d+)"));
    try (TraceFiles.Opened opened =
        open(
            """
            [   12.345678] nv: INC page 70200 by nv_pin<-nv_ioctl in train/42
            [   12.345679] usb 1-1: new device
            [   12.400000] nv: DEC page 70200 by nv_unpin in my app/43
            """,
            options)) {
      assertThat(opened.kind()).isEqualTo(TraceKind.LOG);
      assertThat(opened.skippedLines()).isEqualTo(1);
      assertThat(opened.firstSkippedLine()).isEqualTo(2);
      try (TraceCursor cursor = opened.source().open()) {
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.event().format()).hasToString("page_ref:page_ref_mod");
        assertThat(cursor.event().timestamp()).isEqualTo(12_345_678_000L);
        assertThat(number(cursor.event(), "pfn")).isEqualTo(0x70200);
        assertThat(number(cursor.event(), "val")).isEqualTo(1);
        assertThat(text(cursor.event(), "said")).isEqualTo("INC");
        assertThat(cursor.next()).isTrue();
        EventField caller = Objects.requireNonNull(cursor.event().format().field("caller"));
        assertThat(opened.source().symbols().nameOf(cursor.event().element(caller, 1)))
            .isEqualTo("nv_ioctl");
        assertThat(cursor.next()).isTrue();
        assertThat(number(cursor.event(), "val")).isEqualTo(-1);
        assertThat(cursor.event().comm()).isEqualTo("my app");
      }
    }
  }

  @Test
  void aLogThatTellsNoTaskIsNotTheIdleTasks() {
    ReadOptions options = new ReadOptions(Pattern.compile("nv: (?<event>\\w+) (?<pfn>\\S+)"));
    try (TraceFiles.Opened opened = open("nv: get 0x70200\n", options)) {
      assertThat(calls(opened.source())).containsExactly("1 0 <...>--1 page_ref_mod 70200");
    }
  }

  @Test
  void aPatternThatIsFoundNowhereIsAnError() {
    ReadOptions options = new ReadOptions(Pattern.compile("nv: (?<event>\\w+)"));

    assertThatThrownBy(() -> open("[ 1.0] usb\n[ 2.0] usb\n", options))
        .isInstanceOf(TraceException.class)
        .hasMessageEndingWith(
            "no event in 2 lines, expected lines of events: the pattern is found in none of them,"
                + " or a number in its groups is none");
  }

  @Test
  void aTextThatHoldsNoEventsIsAnErrorAndAnEmptyTraceIsNot() {
    try (TraceFiles.Opened empty = open(FIVE_COLUMNS)) {
      assertThat(lines(empty.source())).isEmpty();
    }
    assertThatThrownBy(() -> open("one\ntwo\n"))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("no recording of a kind that is known")
        .hasMessageContaining("--pattern");
    assertThatThrownBy(() -> open("one\ntwo\n", new ReadOptions(Pattern.compile("(?<ts>\\d+)"))))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("no event in 2 lines");
  }

  @Test
  void aLineThatIsTooLongIsToldByItsNumber() {
    assertThatThrownBy(() -> open("a-1 [000] .... 1.0: e: x\n" + "x".repeat(70_000) + "\n"))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("trace.txt:2: a line of more than 65536 bytes");
  }

  private static long number(TraceEvent event, String field) {
    return event.number(Objects.requireNonNull(event.format().field(field), field));
  }

  private static String text(TraceEvent event, String field) {
    return event.text(Objects.requireNonNull(event.format().field(field), field));
  }

  private static List<Long> losses(TraceSource source) {
    List<Long> losses = new ArrayList<>();
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        losses.add(cursor.event().lost());
      }
    }
    return losses;
  }

  private static List<String> lines(TraceSource source) {
    List<String> lines = new ArrayList<>();
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        TraceEvent event = cursor.event();
        lines.add(
            "%d %s %s %s"
                .formatted(
                    event.timestamp(), event.comm(), event.format().name(), text(event, "text")));
      }
    }
    return lines;
  }
}
