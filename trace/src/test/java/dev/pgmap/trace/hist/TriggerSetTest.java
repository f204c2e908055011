package dev.pgmap.trace.hist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.filter.LineException;
import dev.pgmap.trace.filter.Trigger;
import dev.pgmap.trace.filter.TriggerActions;
import dev.pgmap.trace.testing.SourceBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TriggerSetTest {
  private static final String MOD = "page_ref:page_ref_mod";

  /** Notes what it is told to do. */
  private static final class Notes implements TriggerActions {
    final List<String> done = new ArrayList<>();

    @Override
    public void trace(boolean on) {
      done.add(on ? "on" : "off");
    }

    @Override
    public void snapshot() {
      done.add("snapshot");
    }

    @Override
    public void stack(TraceEvent event) {
      done.add("stack at " + event.timestamp());
    }

    @Override
    public void enable(String system, String event, boolean on) {
      done.add((on ? "enable " : "disable ") + system + ":" + event);
    }
  }

  private final Notes notes = new Notes();
  private final TraceSource source =
      new SourceBuilder()
          .event(MOD, 0, 42, 1, "pfn", 1, "val", 1)
          .event(MOD, 0, 42, 2, "pfn", 1, "val", -1)
          .event(MOD, 0, 42, 3, "pfn", 2, "val", -1)
          .build();
  private final TriggerSet set = new TriggerSet(source::events, source::symbols, notes);

  private LineException refused(String line) {
    return catchThrowableOfType(LineException.class, () -> set.write(MOD, line));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hist:keys=pfn.hex:vals=val:sort=val",
        "hist:keys=stacktrace:vals=val",
        "hist:keys=common_pid.execname,pfn.hex",
        "stacktrace if val<0",
        "traceoff:1 if pfn==0x70200",
      })
  void takesWhatKernelPeopleTypeFirst(String line) {
    set.write(MOD, line);

    assertThat(set.triggerFile(MOD)).isNotEqualTo(Trigger.NONE).endsWith("\n");
  }

  @Test
  void triggersFireByTheirFilterAndCount() {
    set.write(MOD, "stacktrace if val<0");
    set.write(MOD, "traceoff:1");
    set.write(MOD, "enable_event:sched:sched_switch:1 if pfn == 2");

    SourceTriggers.run(source, set);

    assertThat(notes.done)
        .containsExactly("off", "stack at 2", "enable sched:sched_switch", "stack at 3");
    assertThat(set.triggerFile(MOD))
        .isEqualTo(
            """
            enable_event:sched:sched_switch:count=0 if pfn == 2
            traceoff:count=0
            stacktrace:unlimited if val<0
            """);
  }

  @Test
  void oneTriggerStartsAndStopsTheHistogramOfAnother() {
    set.write(MOD, "hist:keys=pfn:pause");
    set.write(MOD, "enable_hist:page_ref:page_ref_mod if val<0");

    SourceTriggers.run(source, set);

    assertThat(set.histograms(MOD).getFirst().isPaused()).isFalse();
    assertThat(set.histograms(MOD).getFirst().hits()).isLessThan(3).isPositive();
  }

  @Test
  void theSameKeysAgainChangeAHistogram() {
    set.write(MOD, "hist:keys=pfn");
    SourceTriggers.run(source, set);

    set.write(MOD, "hist:keys=pfn:pause");
    assertThat(set.triggerFile(MOD)).endsWith(" [paused]\n");
    SourceTriggers.run(source, set);
    assertThat(set.histograms(MOD).getFirst().hits()).isEqualTo(3);

    set.write(MOD, "hist:keys=pfn:continue");
    SourceTriggers.run(source, set);
    assertThat(set.histograms(MOD).getFirst().hits()).isEqualTo(6);

    set.write(MOD, "hist:keys=pfn:clear");
    assertThat(set.histograms(MOD).getFirst().hits()).isZero();
    assertThat(set.triggerFile(MOD)).endsWith(" [active]\n");
  }

  @Test
  void anExclamationMarkTakesTriggersAway() {
    set.write(MOD, "hist:keys=pfn if val < 0");
    set.write(MOD, "traceoff");

    set.write(MOD, "!hist:keys=pfn");
    set.write(MOD, "!traceoff:5");
    assertThat(set.triggerFile(MOD)).startsWith("hist:keys=pfn:");
    set.write(MOD, "!hist:keys=pfn if val < 0");

    assertThat(set.triggerFile(MOD)).isEqualTo(Trigger.NONE);
    assertThat(set.has(source.events().byName(MOD))).isFalse();
  }

  @Test
  void aNameSharesAHistogramBetweenEvents() {
    set.write(MOD, "hist:name=refs:keys=pfn:vals=val");
    set.write("page_ref:page_ref_set", "hist:name=refs:keys=pfn:vals=val");

    SourceTriggers.run(source, set);

    assertThat(set.histFile("page_ref:page_ref_set"))
        .contains("hist:refs:keys=pfn:vals=hitcount,val:")
        .contains("Hits: 3");
    assertThat(refused("hist:name=refs:keys=val").problem()).startsWith("Named hist trigger");
  }

  @Test
  void aHistogramWhoseVariablesAreInUseStays() {
    set.write(MOD, "hist:keys=pfn:since=common_timestamp");
    set.write("page_ref:page_ref_set", "hist:keys=pfn:vals=common_timestamp-$since");

    assertThat(refused("!hist:keys=pfn:since=common_timestamp").problem())
        .isEqualTo("Variables of this hist trigger are in use");
    set.write("page_ref:page_ref_set", "!hist:keys=pfn:vals=common_timestamp-$since");
    set.write(MOD, "!hist:keys=pfn:since=common_timestamp");

    assertThat(set.triggerFile(MOD)).isEqualTo(Trigger.NONE);
  }

  @Test
  void anEventHasOneOfEachKind() {
    set.write(MOD, "traceoff");
    set.write(MOD, "hist:keys=pfn");

    assertThat(refused("traceoff:3 if val<0").problem()).isEqualTo("Trigger already exists");
    assertThat(refused("hist:keys=pfn").problem()).isEqualTo("Hist trigger already exists");
    assertThat(refused("hist:keys=val:clear").problem())
        .isEqualTo("Can't clear or continue a nonexistent hist trigger");
  }

  @Test
  void unknownEventsAreRefused() {
    assertThatThrownBy(() -> set.write("page_ref:nothing", "traceoff"))
        .isInstanceOf(TraceException.class)
        .hasMessage(
            "trigger page_ref:nothing: no event 'page_ref:nothing', expected one of"
                + " available_events");
    assertThatThrownBy(() -> set.write(MOD, "enable_event:a:b"))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("no event 'a:b'");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = ';',
      value = {
        "hist:vals=val                              ; Missing keys ; 5",
        "hist:keys=                                 ; Empty assignment ; 5",
        "hist:keys=foo                              ; Couldn't find field ; 10",
        "hist:keys=pfn.foo                          ; Invalid field modifier ; 10",
        "hist:keys=pfn.percent                      ; Invalid field modifier ; 10",
        "hist:keys=pfn.execname                     ; Invalid field modifier ; 10",
        "hist:keys=pfn.buckets                      ; Invalid field modifier ; 10",
        "hist:keys=pfn.buckets=0                    ; Invalid field modifier ; 10",
        "hist:keys=pfn,val,count,mt                 ; Too many keys (Max = 3) ; 24",
        "hist:keys=pfn:vals=val+                    ; Couldn't find field ; 19",
        "hist:keys=pfn:vals=val/0                   ; Division by zero ; 19",
        "hist:keys=pfn:vals=val+1+1+1+1             ; Too many subexpressions (3 max) ; 19",
        "hist:keys=pfn:vals=$x                      ; Couldn't find variable ; 19",
        "hist:keys=pfn:x=val,x=val                  ; Variable already defined ; 14",
        "hist:keys=pfn:1=val                        ; Malformed assignment ; 14",
        "hist:keys=pfn:sort=val                     ; Sort field must be a key or a val ; 19",
        "hist:keys=pfn:sort=pfn.up                  ; Invalid sort modifier ; 19",
        "hist:keys=pfn:sort=pfn,pfn,pfn             ; Too many sort fields (Max = 2) ; 10",
        "hist:keys=pfn:sort=.descending             ; Empty sort field ; 19",
        "hist:keys=pfn:size=64                     ; Illegal size ; 19",
        "hist:keys=pfn:size=99999999999             ; Illegal size ; 19",
        "hist:keys=pfn:size=x                       ; Illegal size ; 19",
        "hist:keys=pfn:nohitcount                   ; Non-hitcount value is required for"
            + " 'nohitcount' ; 0",
        "hist:keys=pfn:foo                          ; Unknown parameter ; 14",
        "hist:keys=pfn:onmax(x).save(val)           ; For onmax(x) or onchange(x), x must be a"
            + " variable ; 14",
        "hist:keys=pfn:onmax($x).save(val)          ; Couldn't find onmax or onchange variable ;"
            + " 14",
        "hist:keys=pfn:x=val:onmax($x).save()       ; No params found for save() ; 20",
        "hist:keys=pfn:x=val:onmax($x).save(val     ; No closing paren found ; 20",
        "hist:keys=pfn:x=val:onmax($x).foo()        ; Handler doesn't support action ; 20",
        "hist:keys=pfn:onmatch(a.b).trace(c)        ; Not supported ; 14",
        "hist:keys=pfn if foo == 1                  ; Field not found ; 4",
      })
  void errorsAreTheKernels(String line, String problem, int position) {
    LineException error = refused(line);

    assertThat(error.problem()).isEqualTo(problem);
    assertThat(error.position()).isEqualTo(position);
    assertThat(set.triggerFile(MOD)).isEqualTo(Trigger.NONE);
  }

  @Test
  void errorsReadAsInTheKernelsLog() {
    assertThat(refused("hist:keys=foo").errorLog())
        .isEqualTo(
            """
            hist:page_ref:page_ref_mod: error: Couldn't find field
              Command: hist:keys=foo
                                 ^
            """);
  }
}
