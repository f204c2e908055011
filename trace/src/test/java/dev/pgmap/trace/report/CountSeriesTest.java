package dev.pgmap.trace.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.refs.PageRefKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CountSeriesTest {
  private static Point point(long stamp, int count) {
    return new Point(stamp, count, true, PageRefKind.MOD, 1, 0, 1, 0, 0);
  }

  @Test
  void aShortSeriesIsKeptWhole() {
    CountSeries series = new CountSeries(8);
    for (int i = 0; i < 8; i++) {
      series.add(point(i, i % 3));
    }

    assertThat(series.points()).hasSize(8).extracting(Point::stamp).isSorted();
    assertThat(series.added()).isEqualTo(8);
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 16, 17, 33, 1_000, 100_000})
  void aLongSeriesKeepsItsEndsItsLowestAndItsHighest(int added) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<Point> all = new ArrayList<>();
    CountSeries series = new CountSeries(8);
    for (int i = 0; i < added; i++) {
      all.add(point(i, random.nextInt()));
      series.add(all.getLast());
    }

    List<Point> kept = series.points();

    Comparator<Point> byCount = Comparator.comparingInt(Point::count);
    assertThat(kept)
        .as("seed %d", seed)
        .hasSizeLessThanOrEqualTo(8)
        .isSubsetOf(all)
        .startsWith(all.getFirst())
        .endsWith(all.getLast())
        .contains(all.stream().min(byCount).orElseThrow())
        .contains(all.stream().max(byCount).orElseThrow());
    assertThat(kept).extracting(Point::stamp).isSorted().doesNotHaveDuplicates();
    assertThat(series.added()).isEqualTo(added);
  }
}
