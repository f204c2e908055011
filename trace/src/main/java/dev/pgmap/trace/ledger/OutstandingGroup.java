package dev.pgmap.trace.ledger;

import dev.pgmap.trace.ledger.pairing.Holding;
import java.util.List;
import java.util.Map;

/**
 * What is outstanding of one kind, acquired under one stack.
 *
 * @param kind what is counted
 * @param holding what it means
 * @param stack the acquirer's functions, innermost first; empty if nothing is known
 * @param stackIsHint whether these are functions that the task called last before, as the recording
 *     has no stack
 * @param amount how many: pins, or references
 * @param refs how much of the counts that is; less than the pins ask for if a put took a part
 * @param pfns of which pages
 * @param nrPages of how many pages
 * @param oldest when the first was acquired, in units of the clock
 * @param newest not later than this the last was acquired
 * @param tasks by whom, the most first
 * @param certainty the worst of all
 * @param byCertainty how many there are of each certainty
 */
public record OutstandingGroup(
    HoldKind kind,
    Holding holding,
    List<String> stack,
    boolean stackIsHint,
    long amount,
    long refs,
    PfnRanges pfns,
    long nrPages,
    long oldest,
    long newest,
    List<TaskShare> tasks,
    Certainty certainty,
    Map<Certainty, Long> byCertainty) {
  /** A group. */
  public OutstandingGroup {
    stack = List.copyOf(stack);
    tasks = List.copyOf(tasks);
    byCertainty = Map.copyOf(byCertainty);
  }
}
