package dev.pgmap.bench;

import dev.pgmap.core.gup.Gup;
import dev.pgmap.core.pgtable.Geometries;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.TableWalker;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/**
 * One walker held against the other, in one process and by turns, so that what else runs on the
 * host bears on both alike. Prints a line of Markdown for each geometry: nanoseconds of cpu time
 * per 4 KiB frame, the median of the repeats, and how often the leaf walker takes what the
 * per-level walker does.
 */
public final class WalkRun {
  private static final int WARMUP = 200;
  private static final int REPEATS = 101;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

  private WalkRun() {}

  /** Without arguments. */
  public static void main(String[] args) {
    System.out.println("| geometry | pin+unpin | by leaves | ratio | dump | by leaves | ratio |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (Geometry geometry : Geometries.all()) {
      try (WalkedDevice device = WalkedDevice.open(geometry)) {
        new WalkRun().run(geometry, device);
      }
    }
  }

  private void run(Geometry geometry, WalkedDevice device) {
    Gup byLevels = device.gup(TableWalker.PER_LEVEL);
    Gup byLeaves = device.gup(TableWalker.LEAF);
    double[] pins = compare(() -> device.pinAndUnpin(byLevels), () -> device.pinAndUnpin(byLeaves));
    double[] dumps =
        compare(() -> device.dump(TableWalker.PER_LEVEL), () -> device.dump(TableWalker.LEAF));
    System.out.printf(
        "| %s | %.1f ns | %.1f ns | %.2f | %.1f ns | %.1f ns | %.2f |%n",
        geometry.name(),
        pins[0],
        pins[1],
        pins[1] / pins[0],
        dumps[0],
        dumps[1],
        dumps[1] / dumps[0]);
  }

  /** The medians of two pieces of work that are done by turns. */
  private double[] compare(Runnable one, Runnable other) {
    for (int i = 0; i < WARMUP; i++) {
      one.run();
      other.run();
    }
    double[] first = new double[REPEATS];
    double[] second = new double[REPEATS];
    for (int i = 0; i < REPEATS; i++) {
      first[i] = nanosPerFrame(one);
      second[i] = nanosPerFrame(other);
    }
    return new double[] {median(first), median(second)};
  }

  private double nanosPerFrame(Runnable work) {
    long began = threads.getCurrentThreadCpuTime();
    work.run();
    return (threads.getCurrentThreadCpuTime() - began) / (double) WalkedDevice.NR_FRAMES;
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
