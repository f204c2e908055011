package dev.pgmap.shell.experiment;

import dev.pgmap.core.machine.LineCounter.Lines;
import dev.pgmap.core.machine.LineCounter.Medium;
import java.util.Arrays;

/**
 * One row of the experiment: what was run, how long it took here, and which lines a kernel would
 * touch.
 *
 * @param era whose kernel
 * @param altmap whether struct pages are in the device
 * @param mib size in MiB
 * @param getUsec time of all pin calls, for each repeat
 * @param putUsec time of the unpin call, for each repeat
 * @param getLines struct-page lines that the pin calls touch
 * @param putLines struct-page lines that the unpin call touches
 */
record Measurement(
    String era,
    boolean altmap,
    long mib,
    long[] getUsec,
    long[] putUsec,
    Lines getLines,
    Lines putLines) {

  static long min(long[] usec) {
    return Arrays.stream(usec).min().orElse(0);
  }

  static long median(long[] usec) {
    long[] sorted = usec.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  Medium medium() {
    return altmap ? Medium.PMEM : Medium.DRAM;
  }

  /** The same run of another size, since every count grows with it. */
  Measurement scaledTo(long otherMib) {
    return new Measurement(
        era,
        altmap,
        otherMib,
        new long[0],
        new long[0],
        scale(getLines, otherMib),
        scale(putLines, otherMib));
  }

  private Lines scale(Lines lines, long otherMib) {
    return new Lines(lines.read() * otherMib / mib, lines.written() * otherMib / mib);
  }
}
