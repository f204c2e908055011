package dev.pgmap.trace.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.testing.SourceBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StackJoinTest {
  private static List<String> joined(TraceSource source) {
    List<String> lines = new ArrayList<>();
    EventIds ids = new EventIds("built", source.events());
    StackJoin.forEach(source, ids, stacked -> lines.add(shown(source, stacked)));
    return lines;
  }

  private static String shown(TraceSource source, StackedEvent stacked) {
    TraceEvent event = stacked.event();
    EventFormat format = event.format();
    List<String> names = Arrays.stream(stacked.stack()).mapToObj(source.symbols()::nameOf).toList();
    long pfn = event.number(format.field("pfn"));
    return "%d cpu%d pfn%d %s".formatted(event.timestamp(), event.cpu(), pfn, names);
  }

  /** A stack as an event of its own, so that others can come between. */
  private static SourceBuilder withStack(SourceBuilder builder, int cpu, long stamp, String name) {
    long[] callers = {builder.function(name)};
    return builder.event("kernel_stack", cpu, 7, stamp, "size", 1, "caller", callers);
  }

  @Test
  void aStackGoesToTheEventBeforeItOnItsCpu() {
    SourceBuilder builder =
        new SourceBuilder()
            .event("page_ref_mod", 0, 7, 10, "pfn", 1)
            .event("page_ref_mod", 1, 7, 11, "pfn", 2)
            .event("page_ref_mod", 2, 7, 12, "pfn", 3);
    withStack(builder, 1, 13, "second");
    withStack(builder, 0, 14, "first");

    assertThat(joined(builder.build()))
        .containsExactly("10 cpu0 pfn1 [first]", "11 cpu1 pfn2 [second]", "12 cpu2 pfn3 []");
  }

  @Test
  void aStackOfAnotherTaskOrWithoutAnEventIsLeftOut() {
    SourceBuilder builder = new SourceBuilder();
    withStack(builder, 0, 1, "orphan");
    builder.event("page_ref_mod", 0, 8, 10, "pfn", 1);
    withStack(builder, 0, 11, "not_mine");
    builder.event("page_ref_mod", 0, 7, 12, "pfn", 2);
    withStack(builder, 0, 13, "mine");
    withStack(builder, 0, 14, "second_one");

    assertThat(joined(builder.build())).containsExactly("10 cpu0 pfn1 []", "12 cpu0 pfn2 [mine]");
  }

  @Test
  void anEventOfAQuietCpuDoesNotHoldUpTheOthersForEver() {
    SourceBuilder builder = new SourceBuilder().event("page_ref_mod", 1, 7, 0, "pfn", 99);
    for (int i = 1; i <= 10_000; i++) {
      builder.event("page_ref_mod", 0, 7, i, "pfn", i);
    }
    withStack(builder, 1, 20_000, "too_late");

    List<String> lines = joined(builder.build());

    assertThat(lines).hasSize(10_001);
    assertThat(lines.getFirst()).isEqualTo("0 cpu1 pfn99 []");
    assertThat(lines.get(5_000)).isEqualTo("5000 cpu0 pfn5000 []");
  }

  @Test
  void buffersDoNotShareStacks() {
    SourceBuilder builder =
        new SourceBuilder()
            .event("page_ref_mod", 0, 7, 1, "pfn", 1)
            .buffer("bad-run")
            .event("page_ref_mod", 0, 7, 2, "pfn", 2);
    withStack(builder, 0, 3, "of_bad").buffer("bad-run");

    assertThat(joined(builder.build())).containsExactly("1 cpu0 pfn1 [of_bad]", "2 cpu0 pfn2 []");
  }
}
