package dev.pgmap.shell.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pgmap.core.machine.LineCounter.Lines;
import dev.pgmap.shell.experiment.CostModel.Sample;
import java.util.List;
import org.junit.jupiter.api.Test;

class CostModelTest {
  private static final long PAGES_16_GIB = 4_194_304;
  private static final long FOLIOS_16_GIB = 8192;

  @Test
  void constantsThatMadeTheSamplesAreFoundAgain() {
    CostModel truth = new CostModel(5, 17);
    List<Sample> samples =
        List.of(sample(truth, 0, 1000), sample(truth, 1000, 2), sample(truth, 500, 500));

    CostModel fitted = CostModel.fit(samples);

    assertThat(fitted.readNanos()).isCloseTo(5, within(1e-6));
    assertThat(fitted.writeNanos()).isCloseTo(17, within(1e-6));
  }

  @Test
  void thePublishedFiguresForRamPredictTheLargeRunWithinTenPercent() {
    CostModel ram =
        CostModel.fit(
            List.of(
                new Sample(new Lines(0, PAGES_16_GIB), 71e6),
                new Sample(new Lines(PAGES_16_GIB, 2 * FOLIOS_16_GIB), 22e6)));
    double scale = 129_022.0 / 16_384;

    double base = ram.nanos(new Lines(0, (long) (PAGES_16_GIB * scale)));
    double compound =
        ram.nanos(new Lines((long) (PAGES_16_GIB * scale), (long) (2 * FOLIOS_16_GIB * scale)));

    assertThat(base).isCloseTo(513e6, within(51e6));
    assertThat(compound).isCloseTo(188e6, within(19e6));
  }

  @Test
  void samplesOfOneKindAreRefused() {
    List<Sample> onlyWrites =
        List.of(new Sample(new Lines(0, 10), 100), new Sample(new Lines(0, 20), 200));

    assertThatThrownBy(() -> CostModel.fit(onlyWrites))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot tell reads from writes");
  }

  @Test
  void noConstantIsNegative() {
    List<Sample> odd =
        List.of(new Sample(new Lines(0, 10), 100), new Sample(new Lines(10, 20), 150));

    CostModel fitted = CostModel.fit(odd);

    assertThat(fitted.readNanos()).isZero();
    assertThat(fitted.writeNanos()).isPositive();
  }

  private static Sample sample(CostModel truth, long read, long written) {
    Lines lines = new Lines(read, written);
    return new Sample(lines, truth.nanos(lines));
  }
}
