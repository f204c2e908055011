package dev.pgmap.trace.ledger;

import dev.pgmap.trace.event.TraceClock;

/**
 * What a ledger was made of.
 *
 * @param source what messages call the recording
 * @param clock its clock
 * @param first the first stamp of any event; 0 if there is none
 * @param last the last stamp
 * @param events all events
 * @param changes those that change a page's count and were entered
 * @param pages on how many pages, as far as remembered
 * @param stacks whether any change has a recorded stack
 * @param calls whether function events made up for missing stacks
 * @param moved changes that were moved from their place in the order of stamps
 * @param gaps how often events were lost
 * @param lost how many, as far as they were counted
 * @param forgotten idle pages that were forgotten to save memory
 */
public record TraceSummary(
    String source,
    TraceClock clock,
    long first,
    long last,
    long events,
    long changes,
    long pages,
    boolean stacks,
    boolean calls,
    long moved,
    long gaps,
    long lost,
    long forgotten) {}
