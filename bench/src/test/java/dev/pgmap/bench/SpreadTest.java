package dev.pgmap.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void theMedianOfAnOddNumberIsTheOneInTheMiddle() {
    assertThat(Spread.of(List.of(9.0, 1.0, 4.0))).isEqualTo(new Spread(1, 4, 9));
  }

  @Test
  void theMedianOfAnEvenNumberIsBetweenTheTwo() {
    assertThat(Spread.of(List.of(9.0, 1.0, 4.0, 5.0)).median()).isEqualTo(4.5);
  }

  @Test
  void nothingMeasuredIsAnError() {
    assertThatIllegalArgumentException().isThrownBy(() -> Spread.of(List.of()));
  }

  @Test
  void timesArePerPageAndOtherLinesAreForPeople() {
    List<String> output =
        List.of("# 4 pages", "time get 40 put 8", "time get 4000 put 800", "time get 80 put 4");

    assertThat(PinTimes.parse(output, 4)).isEqualTo(new PinTimes(20, 2));
  }

  @Test
  void targetsAreRatiosToThePeer() {
    PinCase base = new PinCase("7.2", PageSize.SIZE_4K, 512, 1, true, 1);
    PinCase huge = new PinCase("7.2", PageSize.SIZE_2M, 512, 1, true, 1);
    PinCase old = new PinCase("5.10", PageSize.SIZE_2M, 512, 1, true, 1);

    assertThat(Target.ofPin(base).orElseThrow().verdict(1.15)).startsWith("met");
    assertThat(Target.ofPin(base).orElseThrow().verdict(1.16)).startsWith("NOT MET");
    assertThat(Target.ofPin(huge).orElseThrow().most()).isEqualTo(1.5);
    assertThat(Target.ofUnpin(huge).orElseThrow().verdict(0.33)).startsWith("met");
    assertThat(Target.ofUnpin(huge).orElseThrow().verdict(0.34)).startsWith("NOT MET");
    assertThat(Target.ofUnpin(old)).isEmpty();
  }
}
