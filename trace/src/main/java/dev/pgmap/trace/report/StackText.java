package dev.pgmap.trace.report;

import java.util.List;

/**
 * A stack by its names.
 *
 * @param functions innermost first
 * @param hint whether these are functions that the task called last rather than a recorded stack
 */
record StackText(List<String> functions, boolean hint) {}
