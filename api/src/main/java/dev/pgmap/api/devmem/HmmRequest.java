package dev.pgmap.api.devmem;

import org.jspecify.annotations.Nullable;

/**
 * What {@code hmm_range_fault} is to do.
 *
 * @param faults whether pages that are not there are faulted in; else it only looks
 * @param writes whether they must be writable
 * @param owner whose device-private pages are reported as they are
 */
public record HmmRequest(boolean faults, boolean writes, @Nullable String owner) {}
