package dev.pgmap.trace.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarksTest {
  @ParameterizedTest
  @CsvSource({"8,8,1", "9,5,2", "16,8,2", "17,5,4", "1000,8,128"})
  void eventsAreThinnedEvenly(int added, int kept, int apart) {
    Marks marks = new Marks(8);
    for (int i = 0; i < added; i++) {
      if (marks.wantsNext()) {
        marks.add(new Mark(i, 0, Mark.NO_PFN, 0));
      } else {
        marks.skip();
      }
    }

    assertThat(marks.added()).isEqualTo(added);
    assertThat(marks.kept()).hasSize(kept);
    for (int i = 0; i < kept; i++) {
      assertThat(marks.kept().get(i).stamp()).isEqualTo((long) i * apart);
    }
  }
}
