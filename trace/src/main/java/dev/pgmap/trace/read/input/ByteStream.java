package dev.pgmap.trace.read.input;

import java.io.InputStream;

/**
 * Makes streams of the same bytes, any number of them; each belongs to one thread and fails with a
 * TraceException where the bytes are damaged.
 */
public interface ByteStream {
  /** A stream that begins at the first byte; closing it is not needed. */
  InputStream open();
}
