package dev.pgmap.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/** The least, the median and the greatest of some measurements. */
record Spread(double least, double median, double greatest) {
  static Spread of(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no measurement");
    }
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(sorted[0], median, sorted[sorted.length - 1]);
  }

  static double medianOf(double... values) {
    return of(Arrays.stream(values).boxed().toList()).median;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.2f (%.2f..%.2f)", median, least, greatest);
  }
}
