package dev.pgmap.trace.hist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.testing.SourceBuilder;
import org.junit.jupiter.api.Test;

/** Histograms of a few references: one page is left with a reference, another with a pin. */
class HistogramTest {
  private static final String MOD = "page_ref:page_ref_mod";

  private static SourceBuilder builder() {
    return new SourceBuilder()
        .comm(42, "gup_test")
        .comm(7, "bash")
        .event(MOD, 0, 42, 1_000, "pfn", 0x70200L, "val", 1024)
        .stack("try_grab_folio", "gup_fast")
        .event(MOD, 0, 42, 2_000, "pfn", 0x70201L, "val", 1)
        .stack("try_grab_folio", "gup_fast")
        .event(MOD, 1, 7, 3_000, "pfn", 0x70201L, "val", -1)
        .stack("put_page")
        .event(MOD, 0, 42, 4_000, "pfn", 0x70202L, "val", -1)
        .event(MOD, 0, 42, 9_000, "pfn", 0x70203L, "val", 2)
        .stack("try_grab_folio", "gup_fast");
  }

  private static String hist(String... lines) {
    return hist(builder().build(), lines);
  }

  private static String hist(TraceSource source, String... lines) {
    TriggerSet set = SourceTriggers.setOf(source);
    for (String line : lines) {
      set.write(MOD, line);
    }
    SourceTriggers.run(source, set);
    return set.histFile(MOD);
  }

  @Test
  void netSumsByPageAreTheLeaks() {
    assertThat(hist("hist:keys=pfn.hex:vals=val:sort=val"))
        .isEqualTo(
            """
            # event histogram
            #
            # trigger info: hist:keys=pfn.hex:vals=hitcount,val:sort=val:size=2048 [active]
            #

            { pfn: 70202 } hitcount:          1  val:         -1
            { pfn: 70201 } hitcount:          2  val:          0
            { pfn: 70203 } hitcount:          1  val:          2
            { pfn: 70200 } hitcount:          1  val:       1024

            Totals:
                Hits: 5
                Entries: 4
                Dropped: 0
            """);
  }

  @Test
  void stacksAreKeysOfSeveralLines() {
    assertThat(hist("hist:keys=stacktrace:vals=val"))
        .isEqualTo(
            """
            # event histogram
            #
            # trigger info: hist:keys=common_stacktrace:vals=hitcount,val:sort=hitcount:size=2048\
             [active]
            #

            { common_stacktrace:
            } hitcount:          1  val:         -1
            { common_stacktrace:
                     put_page+0x0/0x100
            } hitcount:          1  val:         -1
            { common_stacktrace:
                     try_grab_folio+0x0/0x100
                     gup_fast+0x0/0x100
            } hitcount:          3  val:       1027

            Totals:
                Hits: 5
                Entries: 3
                Dropped: 0
            """);
  }

  @Test
  void tasksAreShownByNameAndSeveralKeysTellApart() {
    assertThat(hist("hist:keys=common_pid.execname,pfn.hex:sort=common_pid,hitcount.descending"))
        .contains(
            """
            { common_pid: bash            [         7], pfn: 70201 } hitcount:          1
            { common_pid: gup_test        [        42], pfn: 70200 } hitcount:          1
            """);
  }

  @Test
  void numbersFallIntoBucketsAndPowers() {
    assertThat(hist("hist:keys=pfn.buckets=2:sort=pfn"))
        .contains("keys=pfn.buckets=2:")
        .contains("{ pfn: ~ 459264-459265 } hitcount:          3\n");
    assertThat(hist("hist:keys=val.log2:sort=val if val > 0"))
        .contains(
            """
            { val: ~ 2^0  } hitcount:          1
            { val: ~ 2^1  } hitcount:          1
            { val: ~ 2^10 } hitcount:          1
            """);
  }

  @Test
  void addressesAreFunctionsOnRequest() {
    SourceBuilder builder = builder();
    long function = builder.function("gup_fast");
    TraceSource source =
        builder.event(MOD, 0, 42, 10_000, "pfn", 1, "mapping", function + 4).build();

    assertThat(hist(source, "hist:keys=mapping.sym if pfn == 1"))
        .contains("{ mapping: [ffffffff81000104] gup_fast" + " ".repeat(37) + " } hitcount:");
    assertThat(hist(source, "hist:keys=mapping.sym-offset if pfn == 1"))
        .contains("[ffffffff81000104] gup_fast+0x4/0x100");
  }

  @Test
  void valuesAreShownAsSharesAndBars() {
    assertThat(hist("hist:keys=common_pid:vals=hitcount.percent,hitcount.graph:nohitcount"))
        .contains(
            "vals=hitcount.percent,hitcount.graph:sort=hitcount:size=2048:nohitcount [active]")
        .contains(
            "{ common_pid:          7 }  hitcount (%):  20.00  hitcount: #####               \n")
        .contains(
            "{ common_pid:         42 }  hitcount (%):  80.00  hitcount: ####################\n");
  }

  @Test
  void whatDoesNotFitIsDroppedAndCounted() {
    SourceBuilder builder = new SourceBuilder();
    for (int pfn = 0; pfn < 200; pfn++) {
      builder.event(MOD, 0, 1, pfn, "pfn", pfn, "val", 1);
    }

    assertThat(hist(builder.build(), "hist:keys=pfn:size=128"))
        .contains(":size=128 [active]")
        .endsWith("\nTotals:\n    Hits: 128\n    Entries: 128\n    Dropped: 72\n");
    assertThat(hist("hist:keys=pfn:size=129")).contains(":size=256 ");
  }

  @Test
  void aVariableOfOneEventIsReadByAnother() {
    TraceSource source =
        builder().event("page_ref:page_ref_mod_and_test", 0, 7, 9_500, "pfn", 0x70203L).build();
    TriggerSet set = SourceTriggers.setOf(source);
    set.write(MOD, "hist:keys=pfn:since=common_timestamp");
    set.write(
        "page_ref:page_ref_mod_and_test",
        "hist:keys=pfn:held=common_timestamp-$since:vals=$held:onmax($held).save(common_pid)");
    SourceTriggers.run(source, set);

    assertThat(set.histFile("page_ref:page_ref_mod_and_test"))
        .contains(
            "hist:keys=pfn:vals=hitcount,$held:held=common_timestamp-$since:sort=hitcount"
                + ":size=2048:clock=global:onmax($held).save(common_pid) [active]")
        .contains(
            "{ pfn:     459267 } hitcount:          1  held:        500\n"
                + "\tmax:        500  common_pid:          7\n");
  }

  @Test
  void eventsWithoutTheOthersVariableDoNotCount() {
    TraceSource source = builder().build();
    TriggerSet set = SourceTriggers.setOf(source);
    set.write("page_ref:page_ref_set", "hist:keys=pfn:since=common_timestamp");
    set.write(MOD, "hist:keys=pfn:vals=common_timestamp-$since");
    SourceTriggers.run(source, set);

    assertThat(set.histFile(MOD)).contains("Hits: 0");
  }

  @Test
  void aSnapshotIsTakenWhenAVariableGrows() {
    assertThat(hist("hist:keys=pfn.hex:v=val:onmax($v).snapshot()"))
        .contains(":onmax($v).snapshot() [active]")
        .contains(
            """

            Snapshot taken (see tracing/snapshot).  Details:
            \ttriggering value { onmax($v) }:       1024
            \ttriggered by event with key: { pfn: 70200 }

            Totals:
            """);
  }

  @Test
  void textsAreKeysToo() {
    TraceSource source =
        new SourceBuilder()
            .event("sched_switch", 0, 1, 1, "prev_comm", "bash")
            .event("sched_switch", 0, 1, 2, "prev_comm", "bash")
            .build();
    TriggerSet set = SourceTriggers.setOf(source);
    set.write("sched:sched_switch", "hist:keys=prev_comm");
    SourceTriggers.run(source, set);

    assertThat(set.histFile("sched:sched_switch"))
        .contains("{ prev_comm: bash" + " ".repeat(46) + " } hitcount:          2\n");
  }

  @Test
  void theNewestHistogramStandsFirst() {
    String text = hist("hist:keys=pfn", "hist:keys=pfn if val < 0", "hist:keys=val");

    assertThat(text.lines().filter(line -> line.contains("info")))
        .containsExactly(
            "# trigger info: hist:keys=val:vals=hitcount:sort=hitcount:size=2048 [active]",
            "# trigger info: hist:keys=pfn:vals=hitcount:sort=hitcount:size=2048 if val < 0"
                + " [active]",
            "# trigger info: hist:keys=pfn:vals=hitcount:sort=hitcount:size=2048 [active]");
    assertThat(text).contains("Dropped: 0\n\n\n# event histogram\n");
  }

  @Test
  void negativeNumbersAreShownAsSuch() {
    assertThat(hist("hist:keys=val:sort=val"))
        .contains("{ val:         -1 } hitcount:          2\n");
  }
}
