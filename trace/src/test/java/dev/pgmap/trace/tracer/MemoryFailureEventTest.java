package dev.pgmap.trace.tracer;

import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.MmException;
import dev.pgmap.core.failure.ErrorInjection.Advice;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.testing.Mapping;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.testing.TracedMachine;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A memory failure ends in the kernel's event, with the numbers of that kernel. */
class MemoryFailureEventTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({"5.10, 20, 0x80e03", "6.1, 17, 0x80e03", "6.12, 17, 0x80e03", "7.2, 17, 0x80e03"})
  void aPageThatFailsIsRecordedOnce(String era, long daxPage, String pfn) {
    try (TracedMachine m = new TracedMachine(Era.named(era))) {
      m.devdax.create(1, 2 * MIB, MapLocation.DEV);
      Mapping mapping = m.devdax.map(1, 2 * MIB).touch();
      m.tracer.enable(List.of(eventOf(m)), true);

      m.devdax
          .machine
          .errorInjection()
          .madvise(mapping.task(), mapping.at(3), PAGE, Advice.HWPOISON);

      long recovered = 3;
      assertThat(m.recorded(MemoryFailureEventTest::numbers))
          .containsExactly("%s %d %d".formatted(pfn, daxPage, recovered));
      mapping.task().exit();
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"5.10, 0x70203 0 1", "6.1, 0x70203 17 1"})
  void aPageThatCannotBeHandledIsRecordedAsFailed(String era, String expected) {
    try (TracedMachine m = new TracedMachine(Era.named(era))) {
      m.devdax.create(0, 2 * MIB, MapLocation.DEV);
      m.tracer.enable(List.of(eventOf(m)), true);

      try {
        m.devdax.machine.errorInjection().corruptPfn(0x70203);
      } catch (MmException e) {
        assertThat(e).hasMessageContaining("EBUSY");
      }

      assertThat(m.recorded(MemoryFailureEventTest::numbers)).containsExactly(expected);
    }
  }

  private static String eventOf(TracedMachine m) {
    return m.tracer.events().stream()
        .filter(format -> format.name().equals("memory_failure_event"))
        .findFirst()
        .orElseThrow()
        .fullName();
  }

  private static String numbers(TraceEvent event) {
    return "0x%x %d %d"
        .formatted(
            TracedMachine.number(event, "pfn"),
            TracedMachine.number(event, "type"),
            TracedMachine.number(event, "result"));
  }
}
