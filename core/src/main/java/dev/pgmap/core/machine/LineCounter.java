package dev.pgmap.core.machine;

import dev.pgmap.core.page.LineMeter;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.pgmap.Pagemaps;
import java.util.concurrent.atomic.LongAdder;

/** Counts cache lines of struct pages by the medium that they live in. Thread-safe. */
public final class LineCounter implements LineMeter {
  /** Where struct pages live. */
  public enum Medium {
    DRAM,
    PMEM
  }

  /**
   * Cache lines of one medium.
   *
   * @param read read and not written
   * @param written written
   */
  public record Lines(long read, long written) {
    /** What came since an earlier count. */
    public Lines since(Lines earlier) {
      return new Lines(read - earlier.read, written - earlier.written);
    }
  }

  private final Pagemaps pagemaps;
  private final LongAdder[] read = {new LongAdder(), new LongAdder()};
  private final LongAdder[] written = {new LongAdder(), new LongAdder()};

  /** Counts from zero; the pgmaps tell the medium. */
  public LineCounter(Pagemaps pagemaps) {
    this.pagemaps = pagemaps;
  }

  @Override
  public void touched(long pfn, long linesRead, long linesWritten) {
    int medium = mediumOf(pfn).ordinal();
    read[medium].add(linesRead);
    written[medium].add(linesWritten);
  }

  private Medium mediumOf(long pfn) {
    DevPagemap pgmap = pagemaps.getDevPagemap(pfn, null);
    try {
      return pgmap != null && pgmap.altmap() != null ? Medium.PMEM : Medium.DRAM;
    } finally {
      pagemaps.putDevPagemap(pgmap);
    }
  }

  /** Lines touched since it was made. */
  public Lines lines(Medium medium) {
    return new Lines(read[medium.ordinal()].sum(), written[medium.ordinal()].sum());
  }
}
