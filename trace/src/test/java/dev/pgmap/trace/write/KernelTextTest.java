package dev.pgmap.trace.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.testing.RandomSource;
import dev.pgmap.trace.testing.SourceBuilder;
import org.junit.jupiter.api.Test;

class KernelTextTest {
  private static final String LEGEND =
      """
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

  private static String text(TraceSource source) {
    StringBuilder out = new StringBuilder();
    FtraceText.kernel().print(source, out);
    return out.toString();
  }

  private static String body(SourceBuilder builder) {
    String text = text(builder.build());
    return text.substring(text.indexOf(LEGEND) + LEGEND.length());
  }

  /** The lines are of a recording of Linux 6.1.192 under qemu. */
  @Test
  void linesOfAKernelComeOutAsTheyWentIn() {
    String lines =
        """
                gup_test-1061    [000] d....    40.944631: page_ref_mod: pfn=0x70200 flags=referenced|reserved|head count=2 mapcount=0 mapping=ff110002085db790 mt=1 val=1
                gup_test-1061    [000] d....    40.960355: page_ref_mod: pfn=0x70200 flags=referenced|reserved|head count=3 mapcount=0 mapping=ff110002085db790 mt=1 val=1
        """;
    SourceBuilder builder = new SourceBuilder();
    lines.lines().forEach(line -> builder.text(line).flags(0x01, 0));

    assertThat(text(builder.build()))
        .isEqualTo(
            """
            # tracer: nop
            #
            # entries-in-buffer/entries-written: 2/2   #P:1
            """
                + LEGEND
                + lines);
  }

  @Test
  void functionsStacksAndMarkersHaveTheirOwnForm() {
    SourceBuilder builder = new SourceBuilder().comm(1060, "gup_test");
    long called = builder.function("__get_user_pages");
    long caller = builder.function("__get_user_pages_remote");
    builder
        .event("function", 0, 1060, 40_944_631_499L, "ip", called, "parent_ip", caller + 8)
        .event("page_ref_mod", 0, 1060, 40_944_631_500L, "val", 1)
        .stack("try_grab_page", "gup_fast")
        .event("print", 0, 1060, 40_944_700_000L, "ip", called, "buf", "half way\n");

    assertThat(text(builder.build())).startsWith("# tracer: function\n");
    assertThat(body(builder))
        .isEqualTo(
            """
                    gup_test-1060    [000] .....    40.944631: __get_user_pages <-__get_user_pages_remote
                    gup_test-1060    [000] .....    40.944632: page_ref_mod: pfn=0x0 flags=none count=0 mapcount=0 mapping=0000000000000000 mt=0 val=1
                    gup_test-1060    [000] .....    40.944632: <stack trace>
             => try_grab_page
             => gup_fast
                    gup_test-1060    [000] .....    40.944700: __get_user_pages: half way
            """);
  }

  @Test
  void lossesAreCountedInTheHeadAndShownWhereTheyWere() {
    SourceBuilder builder =
        new SourceBuilder()
            .event("page_ref_mod", 0, 0, 1_000)
            .event("page_ref_mod", 0, 0, 2_000)
            .lost(40)
            .event("page_ref_mod", 0, 9, 3_000)
            .lost(-1);

    assertThat(text(builder.build())).contains("# entries-in-buffer/entries-written: 3/43   #P:1");
    assertThat(body(builder).lines().map(line -> line.replaceAll(": page_ref_mod.*", "")))
        .containsExactly(
            "          <idle>-0       [000] .....     0.000001",
            "CPU:0 [LOST 40 EVENTS]",
            "          <idle>-0       [000] .....     0.000002",
            "CPU:0 [LOST EVENTS]",
            "           <...>-9       [000] .....     0.000003");
  }

  @Test
  void stampsOfACountingClockAreBare() {
    SourceBuilder builder =
        new SourceBuilder()
            .clock("counter")
            .event("page_ref_mod", 1, 9, 7)
            .event("page_ref_mod", 1, 9, 1_099_511_627_776L);

    assertThat(body(builder).lines().map(line -> line.replaceAll(": page_ref_mod.*", "")))
        .containsExactly(
            "           <...>-9       [001] .....            7",
            "           <...>-9       [001] ..... 1099511627776");
  }

  @Test
  void flagsAreLettersAsInTheLegend() {
    SourceBuilder builder = new SourceBuilder();
    int[] flags = {0x01, 0x80, 0x81, 0x04, 0x20, 0x24, 0x02, 0x26, 0x08, 0x10, 0x18, 0x40, 0x48};
    for (int i = 0; i < flags.length; i++) {
      builder.event("page_ref_mod", 0, 0, i).flags(flags[i], i == 0 ? 0x2a : 0);
    }

    assertThat(body(builder).lines().map(line -> line.substring(31, 36)))
        .containsExactly(
            "d..a2", "b....", "D....", ".n...", ".p...", ".N...", ".l...", ".B...", "..h..",
            "..s..", "..H..", "..z..", "..Z..");
  }

  private static SourceBuilder calls() {
    return new SourceBuilder()
        .format(RandomSource.funcgraphEntry())
        .format(RandomSource.funcgraphExit())
        .cpus(2)
        .comm(42, "gup_test")
        .comm(7, "kworker/u8:1");
  }

  private static void enter(SourceBuilder builder, int cpu, int pid, long at, String name, int d) {
    builder.event("funcgraph_entry", cpu, pid, at, "func", builder.function(name), "depth", d);
  }

  private static void exit(
      SourceBuilder builder, int cpu, int pid, long at, String name, int depth, long nanos) {
    builder.event(
        "funcgraph_exit",
        cpu,
        pid,
        at,
        "func",
        builder.function(name),
        "depth",
        depth,
        "calltime",
        at - nanos,
        "rettime",
        at);
  }

  @Test
  void callsAreATreeWithEventsAsComments() {
    SourceBuilder builder = calls();
    enter(builder, 0, 42, 1_000, "pin_user_pages", 0);
    enter(builder, 0, 42, 2_000, "gup_fast", 1);
    enter(builder, 0, 42, 3_000, "pte_offset", 2);
    enter(builder, 1, 7, 3_500, "worker", 0);
    exit(builder, 0, 42, 4_382, "pte_offset", 2, 1_382);
    builder.event("page_ref_mod", 0, 42, 5_000, "pfn", 5, "val", 1);
    exit(builder, 0, 42, 20_000, "gup_fast", 1, 18_000);
    exit(builder, 0, 42, 2_001_000_000, "pin_user_pages", 0, 2_000_999_000);

    assertThat(text(builder.build()))
        .isEqualTo(
            """
            # tracer: function_graph
            #
            # CPU  DURATION                  FUNCTION CALLS
            # |     |   |                     |   |   |   |
             0)               |  pin_user_pages() {
             0)               |    gup_fast() {
             0)   1.382 us    |      pte_offset();
             1)               |  worker() {
             0)               |      /* page_ref_mod: pfn=0x5 flags=none count=0 mapcount=0 mapping=0000000000000000 mt=0 val=1 */
             0) + 18.000 us   |    }
             0) $ 2000999 us  |  }
            """);
  }

  @Test
  void anotherTaskOnTheCpuIsAnnouncedAndAnExitWithoutEntryIsNamed() {
    SourceBuilder builder = calls();
    exit(builder, 0, 42, 1_000, "get_page", 0, 123_456);
    exit(builder, 0, 7, 2_000, "worker", 0, 500);

    assertThat(text(builder.build()).lines().skip(4))
        .containsExactly(
            " 0) ! 123.456 us  |  } /* get_page */",
            " ------------------------------------------",
            " 0)   gup_tes-42   =>   kworker-7   ",
            " ------------------------------------------",
            "",
            " 0)   0.500 us    |  } /* worker */");
  }
}
