package dev.pgmap.trace.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SourceBuilderTest {
  @Test
  void statedEventsComeInOrderOfTimeWithTheirStackRightBehind() {
    TraceSource source =
        new SourceBuilder()
            .event("page_ref_mod", 1, 7, 20, "pfn", 5, "val", -1)
            .event("page_ref:page_ref_mod", 0, 7, 10, "pfn", 5, "val", 1)
            .stack("get", "caller")
            .comm(7, "task")
            .build();

    assertThat(shown(source))
        .containsExactly(
            "10 0 task page_ref:page_ref_mod pfn=5 val=1",
            "10 0 task ftrace:kernel_stack get caller",
            "20 1 task page_ref:page_ref_mod pfn=5 val=-1");
    assertThat(source.nrCpus()).isEqualTo(2);
  }

  @Test
  void linesOfTraceBecomeEvents() {
    TraceSource source =
        new SourceBuilder()
            .text(
                """
                # tracer: nop
                  gup_test-1061    [000] d....    40.944631: page_ref_mod: pfn=0x70200 flags=head count=2 mapcount=0 mapping=ff110002085db790 mt=1 val=1
                  gup_test-1061    [000] d....    40.944631: <stack trace>
                 => try_grab_page
                 => get_user_pages
                  my task-8    [001] 40.944632: page_ref_mod_unless: pfn=0x70200 flags=0x0 count=0 val=1 ret=0
                """)
            .build();

    assertThat(shown(source))
        .containsExactly(
            "40944631000 0 gup_test page_ref:page_ref_mod pfn=459264 val=1",
            "40944631000 0 gup_test ftrace:kernel_stack try_grab_page get_user_pages",
            "40944632000 1 my task page_ref:page_ref_mod_unless pfn=459264 val=1");
  }

  @Test
  void anEventOrFieldThatNoFormatHasIsRefused() {
    SourceBuilder builder = new SourceBuilder();

    assertThatThrownBy(() -> builder.event("no_such", 0, 1, 1)).hasMessageContaining("no_such");
    assertThatThrownBy(() -> builder.event("page_ref_mod", 0, 1, 1, "speed", 1))
        .hasMessageContaining("speed");
  }

  private static List<String> shown(TraceSource source) {
    List<String> lines = new ArrayList<>();
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        lines.add(shown(source, cursor.event()));
      }
    }
    return lines;
  }

  private static String shown(TraceSource source, TraceEvent event) {
    String head =
        "%d %d %s %s".formatted(event.timestamp(), event.cpu(), event.comm(), event.format());
    EventField caller = event.format().field("caller");
    if (caller == null) {
      return head + " pfn=%d val=%d".formatted(number(event, "pfn"), number(event, "val"));
    }
    StringBuilder line = new StringBuilder(head);
    for (int i = 0; i < event.length(caller); i++) {
      line.append(' ').append(source.symbols().nameOf(event.element(caller, i)));
    }
    return line.toString();
  }

  private static long number(TraceEvent event, String field) {
    return event.number(Objects.requireNonNull(event.format().field(field)));
  }
}
