package dev.pgmap.trace.ledger;

import dev.pgmap.trace.ledger.pairing.Holding;

/**
 * What one task holds of one page at the end of a recording.
 *
 * @param pfn the page; of a folio, its head
 * @param kind what is counted
 * @param holding what it means
 * @param amount how many: pins, or references
 * @param refs how much of the page's count that is
 * @param pid the task that acquired it
 * @param stack under which it was acquired, a number of {@link PageLedger#stacks}
 * @param oldest when the first of it was acquired, in units of the clock
 * @param newest not later than this the last of it was acquired
 * @param certainty how sure it is
 */
public record Outstanding(
    long pfn,
    HoldKind kind,
    Holding holding,
    int amount,
    int refs,
    int pid,
    int stack,
    long oldest,
    long newest,
    Certainty certainty) {}
