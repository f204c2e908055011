package dev.pgmap.trace.replay;

/**
 * The first step at which the engine does not do what was recorded.
 *
 * @param step which event that changes a count, from 1
 * @param stamp its time
 * @param task who did it, such as {@code gup_test-104}
 * @param pfn the page
 * @param recorded what was recorded, with the state after it
 * @param engine what the engine does instead, with its state
 */
public record Divergence(
    long step, long stamp, String task, long pfn, String recorded, String engine) {}
