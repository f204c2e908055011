package dev.pgmap.trace.read.zstd;

import java.io.IOException;

/** Bytes that are no Zstandard, or of which some are missing or changed. */
final class DamagedZstd extends IOException {
  private static final long serialVersionUID = 1;

  DamagedZstd(String what) {
    super(what);
  }

  /** Throws unless something holds. */
  static void check(boolean holds, String otherwise) throws DamagedZstd {
    if (!holds) {
      throw new DamagedZstd(otherwise);
    }
  }
}
