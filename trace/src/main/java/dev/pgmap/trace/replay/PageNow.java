package dev.pgmap.trace.replay;

/**
 * A page as it stood at a step.
 *
 * @param pfn the page
 * @param count its count, from what the changes say; the event's own count where that is all there
 *     is
 * @param flags raw page flags that its last event showed
 * @param mapcount the raw mapcount that its last event showed
 * @param step its last change
 * @param event the name of that
 * @param val its amount
 * @param task who made it, such as {@code gup_test-104}
 */
public record PageNow(
    long pfn, int count, long flags, int mapcount, long step, String event, int val, String task) {}
