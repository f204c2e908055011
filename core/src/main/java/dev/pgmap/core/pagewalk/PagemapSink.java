package dev.pgmap.core.pagewalk;

/** Receives what a dump finds, in address order and without gaps. Must not block. */
@FunctionalInterface
public interface PagemapSink {
  /**
   * One leaf, or a part of one; one swap-like entry; or a part of a hole.
   *
   * @param start its first address
   * @param end one past its last
   * @param entry for its first frame, as {@link PagemapEntry}; 0 for a hole
   * @param leafBytes how much the whole leaf maps; 0 for a hole
   */
  void run(long start, long end, long entry, long leafBytes);
}
