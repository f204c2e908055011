package dev.pgmap.trace.read.dat;

/**
 * How a stamp on a page becomes one of the source: {@code (stamp * factor >> shift) + offset}.
 *
 * @param factor without its sign; 0 for none
 * @param shift in bits, below 64
 * @param offset in units of the source's clock
 */
record StampRule(long factor, int shift, long offset) {
  static final StampRule AS_RECORDED = new StampRule(0, 0, 0);

  /** Adds to the offset. */
  StampRule plus(long more) {
    return new StampRule(factor, shift, offset + more);
  }

  /** Ticks of a processor become nanoseconds, by mul_u64_u32_shr. */
  StampRule scaled(long byFactor, int byShift) {
    return new StampRule(byFactor, byShift, offset);
  }

  /** Whether ticks become nanoseconds. */
  boolean scales() {
    return factor != 0;
  }

  long apply(long stamp) {
    return (factor == 0 ? stamp : scale(stamp)) + offset;
  }

  private long scale(long stamp) {
    long low = stamp * factor;
    if (shift == 0) {
      return low;
    }
    long high = Math.unsignedMultiplyHigh(stamp, factor);
    return low >>> shift | high << Long.SIZE - shift;
  }
}
