package dev.pgmap.trace.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.testing.SourceBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Filters over a few events of pages and tasks; each event is known by its time. */
class EventFilterTest {
  private static TraceSource source() {
    SourceBuilder builder = new SourceBuilder().comm(42, "gup_test").comm(7, "bash").cpus(4);
    long gup = builder.function("gup_fast");
    return builder
        .event("page_ref_mod", 0, 42, 1, "pfn", 0x70200L, "val", 1, "mapping", gup + 4)
        .event("page_ref_mod", 1, 42, 2, "pfn", 0x70201L, "val", -1, "flags", 0x2040L)
        .event("page_ref_mod", 2, 7, 3, "pfn", -1L, "val", -1024, "mapping", 0xff11L)
        .event("sched_switch", 3, 7, 4, "prev_comm", "bash", "next_comm", "gup_test")
        .build();
  }

  /** The times of the events that pass. */
  private static List<Long> passing(String event, String filter) {
    List<Long> times = new ArrayList<>();
    try (TraceSource source = source();
        TraceCursor cursor = source.open()) {
      EventFormat format = source.events().byName(event);
      assertThat(format).isNotNull();
      EventFilter compiled = EventFilter.parse(filter, format, source.symbols());
      while (cursor.next()) {
        if (cursor.event().format() == format && compiled.matches(cursor.event())) {
          times.add(cursor.event().timestamp());
        }
      }
    }
    return times;
  }

  private static List<Long> pages(String filter) {
    return passing("page_ref_mod", filter);
  }

  private static LineException refused(String filter) {
    return catchThrowableOfType(LineException.class, () -> pages(filter));
  }

  @Test
  void numbersCompareInTheWidthAndSignOfTheField() {
    assertThat(pages("pfn==0x70200")).containsExactly(1L);
    assertThat(pages("pfn != 0x70200")).containsExactly(2L, 3L);
    assertThat(pages("val < 0")).containsExactly(2L, 3L);
    assertThat(pages("val <= -1024")).containsExactly(3L);
    assertThat(pages("val > -2 ")).containsExactly(1L, 2L);
    assertThat(pages("val >= 1")).containsExactly(1L);
    assertThat(pages("pfn > 0x70200")).containsExactly(2L, 3L);
    assertThat(pages("flags & 0x2000")).containsExactly(2L);
    assertThat(pages("common_pid == 42")).containsExactly(1L, 2L);
  }

  @Test
  void andBindsTighterThanOr() {
    assertThat(pages("pfn == 0x70200 || val < 0 && common_pid == 7")).containsExactly(1L, 3L);
    assertThat(pages("(pfn == 0x70200 || val < 0) && common_pid == 7")).containsExactly(3L);
  }

  @Test
  void notTurnsATermOrAParenthesisRound() {
    assertThat(pages("!(val < 0)")).containsExactly(1L);
    assertThat(pages("!val < 0")).containsExactly(1L);
    assertThat(pages("!!(val < 0) && !(pfn == 0x70201)")).containsExactly(3L);
  }

  @Test
  void tasksAndCpusAreKnownByName() {
    assertThat(pages("comm == \"gup_test\"")).containsExactly(1L, 2L);
    assertThat(pages("comm ~ 'gup*' && cpu != 0")).containsExactly(2L);
    assertThat(pages("common_cpu >= 1")).containsExactly(2L, 3L);
    assertThat(pages("CPU & CPUS{0,2-3}")).containsExactly(1L, 3L);
    assertThat(pages("cpu == CPUS{1}")).containsExactly(2L);
    assertThat(pages("cpu != CPUS{0-1}")).containsExactly(1L, 2L, 3L);
  }

  @Test
  void textsMatchWholeOrByPattern() {
    assertThat(passing("sched_switch", "prev_comm == 'bash'")).containsExactly(4L);
    assertThat(passing("sched_switch", "prev_comm == 'bas'")).isEmpty();
    assertThat(passing("sched_switch", "prev_comm != 'bash'")).isEmpty();
    assertThat(passing("sched_switch", "next_comm ~ \"*_t?s[a-t]\"")).containsExactly(4L);
    assertThat(passing("sched_switch", "next_comm ~ '!gup*'")).isEmpty();
  }

  @Test
  void anAddressMatchesTheFunctionItIsIn() {
    assertThat(pages("mapping.function == gup_fast")).containsExactly(1L);
    assertThat(pages("mapping.function != gup_fast")).containsExactly(2L, 3L);
    assertThat(refused("mapping.function == nothing").problem()).isEqualTo("Function not found");
  }

  @Test
  void aZeroClearsTheFilter() {
    assertThat(EventFilter.isClear("0\n")).isTrue();
    assertThat(EventFilter.isClear("pfn == 0")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = ';',
      value = {
        "foo == 1               ; Field not found                            ; 4",
        "pfn = 1                ; Invalid operator                           ; 5",
        "pfn                    ; Invalid operator                           ; 4",
        "(pfn == 1              ; Too many '('                               ; 0",
        "pfn == 1)              ; Too few '('                                ; 8",
        "comm == \"bash         ; Missing matching quote                     ; 8",
        "pfn == bash            ; Invalid value (did you forget quotes)?     ; 8",
        "comm == bash           ; Invalid value (did you forget quotes)?     ; 9",
        "comm == 1              ; Expecting string field                     ; 9",
        "pfn == 'a'             ; Expecting numeric field                    ; 8",
        "comm < 'a'             ; Illegal operation for field type           ; 8",
        "pfn ~ 1                ; Illegal operation for field type           ; 7",
        "pfn == -1              ; Illegal integer value                      ; 8",
        "pfn == 0xg             ; Illegal integer value                      ; 8",
        "pfn == 1 val == 1      ; Too many terms in predicate expression     ; 9",
        "pfn == 1 & val == 1    ; Too many terms in predicate expression     ; 9",
        "pfn == 1 &&            ; Error                                      ; 11",
        "cpu & CPUS1            ; Missing '{'                                ; 11",
        "cpu & CPUS{1           ; Missing '}'                                ; 11",
        "cpu & CPUS{3-1}        ; Invalid cpulist                            ; 15",
        "mapping.ustring == 'a' ; Illegal operation for field type           ; 16",
        "()                     ; Error                                      ; 0",
      })
  void errorsAreTheKernels(String filter, String problem, int position) {
    LineException error = refused(filter);

    assertThat(error.problem()).isEqualTo(problem);
    assertThat(error.position()).isEqualTo(position);
  }

  @Test
  void errorsReadAsInTheKernelsFiles() {
    LineException error = refused("val == 1 && foo == 1");

    assertThat(error.errorLog())
        .isEqualTo(
            """
            event filter parse error: error: Field not found
              Command: val == 1 && foo == 1
                                       ^
            """);
    assertThat(error.filterFile())
        .isEqualTo(
            """
            val == 1 && foo == 1
                            ^
            parse_error: Field not found
            """);
    assertThat(error)
        .isInstanceOf(TraceException.class)
        .hasMessage(
            "event filter parse error at column 17 of 'val == 1 && foo == 1': Field not found,"
                + " expected a field of the event's format");
  }

  @Test
  void hostileLinesAreRefused() {
    assertThatThrownBy(() -> pages("(".repeat(2000) + "val == 1" + ")".repeat(2000)))
        .isInstanceOf(LineException.class);
    assertThatThrownBy(() -> pages("val == 1" + " && val == 1".repeat(1000)))
        .isInstanceOf(LineException.class)
        .hasMessageContaining("Operand too long");
    assertThatThrownBy(() -> pages("")).isInstanceOf(LineException.class);
  }
}
