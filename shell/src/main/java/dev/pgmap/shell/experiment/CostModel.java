package dev.pgmap.shell.experiment;

import dev.pgmap.core.machine.LineCounter.Lines;
import java.util.List;

/**
 * Kernel time from cache lines: {@code time = read * r + written * w}, for one medium.
 *
 * <p>The engine's own time says what its instructions cost on this machine's DRAM. A kernel on
 * persistent memory spends its time waiting for struct pages; that time follows from how many cache
 * lines it reads and writes. Two constants per medium are fitted, by relative least squares, to
 * figures published for a real machine. The model knows nothing else: no instructions, no overlap
 * of misses. Immutable.
 *
 * @param readNanos time of a line that is only read
 * @param writeNanos time of a line that is written
 */
public record CostModel(double readNanos, double writeNanos) {

  /**
   * One known figure.
   *
   * @param lines the lines that the operation touches
   * @param nanos how long a real kernel took
   */
  public record Sample(Lines lines, double nanos) {}

  /**
   * Fits the constants; neither is negative.
   *
   * @throws IllegalArgumentException if the samples cannot tell the two apart
   */
  public static CostModel fit(List<Sample> samples) {
    double rr = 0;
    double rw = 0;
    double ww = 0;
    double r1 = 0;
    double w1 = 0;
    for (Sample sample : samples) {
      double read = sample.lines.read() / sample.nanos;
      double written = sample.lines.written() / sample.nanos;
      rr += read * read;
      rw += read * written;
      ww += written * written;
      r1 += read;
      w1 += written;
    }
    double determinant = rr * ww - rw * rw;
    if (!(determinant > 1e-9 * rr * ww)) {
      throw new IllegalArgumentException(
          samples.size() + " samples cannot tell reads from writes; expected both kinds");
    }
    double read = (r1 * ww - w1 * rw) / determinant;
    double write = (w1 * rr - r1 * rw) / determinant;
    if (read < 0) {
      return new CostModel(0, w1 / ww);
    }
    return write < 0 ? new CostModel(r1 / rr, 0) : new CostModel(read, write);
  }

  /** Kernel time for these lines. */
  public double nanos(Lines lines) {
    return lines.read() * readNanos + lines.written() * writeNanos;
  }
}
