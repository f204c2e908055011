package dev.pgmap.trace.hist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.testing.SourceBuilder;
import dev.pgmap.trace.testing.TextMutator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Damaged histogram lines are refused, or count something. */
@Timeout(120)
class HostileHistTest {
  private static final String MOD = "page_ref:page_ref_mod";

  private static final List<String> TOKENS =
      List.of(
          ",",
          ":",
          "=",
          "$x",
          "$a.b.x",
          "common_timestamp.usecs",
          ".buckets=",
          ".sym-offset",
          ".percent",
          "stacktrace",
          "-",
          "*",
          "/0",
          ":onmax($x).save(pfn)",
          ":onchange($x).",
          "snapshot()",
          ":size=999999999999",
          ":name=n",
          ":clear",
          ":pause",
          " if ",
          "hitcount");

  @Test
  void damagedLinesDoNoHarm() {
    TraceSource source =
        new SourceBuilder()
            .event(MOD, 0, 42, 1, "pfn", 1, "val", 1)
            .stack("put_page")
            .event(MOD, 0, 42, 2, "pfn", 2, "val", -1)
            .build();

    int taken =
        new TextMutator(9, TOKENS)
            .feed(
                List.of(
                    "hist:keys=pfn.hex:vals=val:sort=val",
                    "hist:keys=stacktrace:vals=val",
                    "hist:keys=common_pid.execname,pfn.hex:x=common_timestamp.usecs:size=128",
                    "hist:keys=pfn.buckets=512,val.log2:vals=hitcount.percent,val.graph:nohitcount",
                    "hist:keys=mapping.sym-offset:t=val+1*2-count/3:onmax($t).save(pfn,mt)",
                    "!hist:keys=pfn:sort=hitcount.descending,pfn:clear if val < 0"),
                20_000,
                line -> {
                  TriggerSet set = SourceTriggers.setOf(source);
                  set.write(MOD, line);
                  SourceTriggers.run(source, set);
                  assertThat(set.histFile(MOD)).hasSizeLessThan(1 << 16);
                  assertThat(set.triggerFile(MOD)).endsWith("\n");
                });
    assertThat(taken).isBetween(100, 19_000);
  }
}
