package dev.pgmap.trace.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TriggerTest {
  @Test
  void aCommandAloneFiresForEver() {
    Trigger trigger = Trigger.parse("traceoff\n");

    assertThat(trigger.command()).isEqualTo(TriggerCommand.TRACEOFF);
    assertThat(trigger.count()).isEqualTo(Trigger.UNLIMITED);
    assertThat(trigger.show(Trigger.UNLIMITED)).isEqualTo("traceoff:unlimited");
  }

  @Test
  void countAndFilterMayFollow() {
    Trigger trigger = Trigger.parse("stacktrace:5 if val<0 && pfn == 1");

    assertThat(trigger.count()).isEqualTo(5);
    assertThat(trigger.filter()).isEqualTo("val<0 && pfn == 1");
    assertThat(trigger.show(3)).isEqualTo("stacktrace:count=3 if val<0 && pfn == 1");
  }

  @Test
  void someNameAnotherEvent() {
    Trigger trigger = Trigger.parse("enable_event:fs_dax:dax_pte_fault:1 if val > 1");

    assertThat(trigger.system()).isEqualTo("fs_dax");
    assertThat(trigger.event()).isEqualTo("dax_pte_fault");
    assertThat(trigger.count()).isEqualTo(1);
    assertThat(trigger.show(1)).isEqualTo("enable_event:fs_dax:dax_pte_fault:count=1 if val > 1");
  }

  @Test
  void anExclamationMarkTakesATriggerAway() {
    Trigger trigger = Trigger.parse("!traceon:3");

    assertThat(trigger.removes()).isTrue();
    assertThat(trigger.isSameKind(Trigger.parse("traceon if val == 1"))).isTrue();
    assertThat(trigger.isSameKind(Trigger.parse("traceoff"))).isFalse();
  }

  @Test
  void whatHistAsksForIsLeftToHist() {
    Trigger trigger = Trigger.parse("hist:keys=pfn.hex:vals=val:sort=val if val != 0");

    assertThat(trigger.command()).isEqualTo(TriggerCommand.HIST);
    assertThat(trigger.parameters()).isEqualTo("keys=pfn.hex:vals=val:sort=val");
    assertThat(trigger.filter()).isEqualTo("val != 0");
  }

  @Test
  void anEventWithoutTriggersListsThem() {
    assertThat(Trigger.NONE)
        .isEqualTo(
            """
            # Available triggers:
            # traceon traceoff snapshot stacktrace enable_event disable_event enable_hist \
            disable_hist hist
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "tracof                ; Unknown trigger    ; 0",
        "!                     ; Unknown trigger    ; 1",
        "traceoff:x            ; Illegal count      ; 9",
        "traceoff:-1           ; Illegal count      ; 9",
        "traceoff:1:2          ; Too many arguments ; 12",
        "traceoff 1 if         ; Illegal count      ; 9",
        "enable_event:fs_dax   ; Missing event      ; 19",
        "hist                  ; Missing keys       ; 4",
      })
  void errorsSayWhatAndWhere(String line, String problem, int position) {
    LineException error = catchThrowableOfType(LineException.class, () -> Trigger.parse(line));

    assertThat(error.problem()).isEqualTo(problem);
    assertThat(error.position()).isEqualTo(position);
  }
}
