package dev.pgmap.trace.hist;

import org.jspecify.annotations.Nullable;

/**
 * Where the value of a {@code $name} is found.
 *
 * @param name as the line has it, without the {@code $}
 * @param table of the trigger that defines it; null for the trigger itself
 * @param variable its index among the variables of that trigger
 */
record HistReference(String name, @Nullable HistTable table, int variable) {
  boolean isLocal() {
    return table == null;
  }
}
