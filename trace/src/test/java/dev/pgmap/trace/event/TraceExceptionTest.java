package dev.pgmap.trace.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TraceExceptionTest {
  @Test
  void anErrorSaysWhereWhatAndWhatToDo() {
    assertThat(TraceException.at("a.dat", 16, "version '8'", "6 or 7", "convert it"))
        .hasMessage("a.dat at offset 16 (0x10): version '8', expected 6 or 7: convert it");
  }

  @Test
  void whatAFileHoldsCannotBreakTheLineOrDriveATerminal() {
    assertThat(TraceException.at("a.dat", 1, "'a\nb\u001b[2J\u2028'", "'ab'", ""))
        .hasMessage("a.dat at offset 1 (0x1): 'a?b?[2J?', expected 'ab'");
  }

  @Test
  void ofALongTextTheBeginningIsTold() {
    assertThat(new TraceException("a.dat", "x".repeat(5_000), "less", "").getMessage())
        .isEqualTo("a.dat: " + "x".repeat(200) + "..., expected less");
  }
}
