package dev.pgmap.trace.filter;

/** Decides on a record in memory; called at every event that is traced. */
@FunctionalInterface
public interface RecordPredicate {
  /**
   * Whether the record is meant. Neither blocks nor allocates.
   *
   * @param address of the record: of its {@code common_type}
   */
  boolean test(long address);
}
