package dev.pgmap.shell.experiment;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What the compound devmap series (v6, 24 November 2021) says it measured, with {@code gup_test -f
 * /dev/dax1.0 -m SIZE -r 10 -S -a -n 512 -w} on a machine with more than 1 TiB of persistent
 * memory.
 */
public final class PublishedFigures {
  /**
   * One published pair of times; the series gives no get times for struct pages in RAM.
   *
   * @param compound whether after the series
   * @param altmap whether struct pages are in the device
   * @param large whether of the 126 GiB run rather than the 16 GiB one
   */
  public record Figure(
      boolean compound,
      boolean altmap,
      boolean large,
      OptionalDouble getMillis,
      double putMillis) {}

  /** All figures of the series. */
  public static final List<Figure> ALL =
      List.of(
          new Figure(false, false, false, OptionalDouble.empty(), 71),
          new Figure(true, false, false, OptionalDouble.empty(), 22),
          new Figure(false, true, false, OptionalDouble.of(524), 525),
          new Figure(true, true, false, OptionalDouble.of(127), 71),
          new Figure(false, false, true, OptionalDouble.empty(), 513),
          new Figure(true, false, true, OptionalDouble.empty(), 188),
          new Figure(false, true, true, OptionalDouble.of(4100), 4120),
          new Figure(true, true, true, OptionalDouble.of(1000), 563));

  private PublishedFigures() {}
}
