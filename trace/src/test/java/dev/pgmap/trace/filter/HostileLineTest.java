package dev.pgmap.trace.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.format.KernelFormats;
import dev.pgmap.trace.format.KernelSeries;
import dev.pgmap.trace.ring.Words;
import dev.pgmap.trace.testing.TextMutator;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Damaged filters and triggers are refused, or do something that is bounded. */
@Timeout(120)
class HostileLineTest {
  private static final EventFormat FORMAT =
      new KernelFormats(KernelSeries.V7_2).format("page_ref", "page_ref_mod", 1000);

  private static final List<String> TOKENS =
      List.of(
          "&&",
          "||",
          "!",
          "==",
          "~",
          "CPUS{",
          "CPUS{0-9999999}",
          ".function",
          ".ustring",
          "comm",
          "'[a-z]*?'",
          "-9223372036854775808",
          "0xffffffffffffffffff",
          " if ",
          ":count");

  private static final RecordContext CONTEXT =
      new RecordContext() {
        @Override
        public int cpu() {
          return 0;
        }

        @Override
        public String comm(int pid) {
          return "task";
        }
      };

  @Test
  void damagedFiltersDoNoHarm() {
    try (Arena arena = Arena.ofConfined()) {
      long record = arena.allocate(128, 8).address();
      Words.putLong(record + 8, 0x70200);
      int taken =
          new TextMutator(7, TOKENS)
              .feed(
                  List.of(
                      "pfn==0x70200",
                      "(pfn >= 0x70000 && pfn < 0x74000) || !(val < 0) && comm ~ \"gup*[a-z]?\"",
                      "cpu & CPUS{0,2-3} || mapping.function == schedule || flags & 0x40"),
                  50_000,
                  line ->
                      EventFilter.parse(line, FORMAT, Symbols.NONE)
                          .onRecords(CONTEXT)
                          .test(record));
      assertThat(taken).isBetween(1000, 49_000);
    }
  }

  @Test
  void damagedTriggersDoNoHarm() {
    int taken =
        new TextMutator(8, TOKENS)
            .feed(
                List.of(
                    "traceoff:5 if val<0",
                    "!stacktrace",
                    "enable_event:fs_dax:dax_pte_fault:1 if pfn == 1",
                    "hist:keys=pfn.hex:vals=val:sort=val if val != 0"),
                50_000,
                line -> Trigger.parse(line).show(1));
    assertThat(taken).isBetween(1000, 49_000);
  }
}
