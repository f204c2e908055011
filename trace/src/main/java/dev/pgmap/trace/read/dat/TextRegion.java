package dev.pgmap.trace.read.dat;

/**
 * Where the text of a latency tracer is.
 *
 * @param bytes 0 if there is none
 * @param packed whether it is in compressed chunks
 */
record TextRegion(long offset, long bytes, boolean packed) {
  static final TextRegion NONE = new TextRegion(0, 0, false);

  boolean isPresent() {
    return bytes != 0;
  }
}
