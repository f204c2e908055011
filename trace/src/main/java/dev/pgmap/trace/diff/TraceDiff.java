package dev.pgmap.trace.diff;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.LedgerOptions;
import dev.pgmap.trace.ledger.LedgerReport;
import java.util.List;

/**
 * What one recording did and the other did not. Immutable.
 *
 * @param a the first recording's ledger
 * @param b the second's
 * @param stacks whether changes were compared by stack: both recorded some
 * @param events by name; only what differs, as below
 * @param calls by function
 * @param changes of counts, by kind and, if both have them, stack
 * @param held what is outstanding at the end: pages, and how much
 * @param wrong what should not have happened, and who waits
 * @param same pages that have a match of equal sequence in the other
 * @param sameClasses how many sequences these have
 * @param turns pages that have none, with the nearest sequence of the other
 * @param tooLongA pages of the first whose sequence was too long to compare
 * @param tooLongB those of the second
 */
public record TraceDiff(
    LedgerReport a,
    LedgerReport b,
    boolean stacks,
    List<Pair> events,
    List<Pair> calls,
    List<Pair> changes,
    List<Pair> held,
    List<Pair> wrong,
    long same,
    long sameClasses,
    List<Turn> turns,
    long tooLongA,
    long tooLongB) {
  /** Steps of distinct sequences that are remembered: some 300 MB at most. */
  private static final int MAX_NODES = 4_000_000;

  /** A difference. */
  public TraceDiff {
    events = List.copyOf(events);
    calls = List.copyOf(calls);
    changes = List.copyOf(changes);
    held = List.copyOf(held);
    wrong = List.copyOf(wrong);
    turns = List.copyOf(turns);
  }

  /**
   * Compares two sources, which belong to the caller.
   *
   * @throws TraceException if one is damaged, or has no event that changes a page's count
   */
  public static TraceDiff of(TraceSource a, TraceSource b, LedgerOptions options) {
    return of(a, b, options, MAX_NODES);
  }

  static TraceDiff of(TraceSource a, TraceSource b, LedgerOptions options, int maxNodes) {
    SequenceTree tree = new SequenceTree(maxNodes);
    RunProfile first = new RunProfile(a, options, tree);
    RunProfile second = new RunProfile(b, options, tree);
    boolean stacks = first.report().summary().stacks() && second.report().summary().stacks();
    SequenceDiff sequences = new SequenceDiff(tree, first.sequences(), second.sequences());
    return new TraceDiff(
        first.report(),
        second.report(),
        stacks,
        Tally.differences(first.events(), second.events()),
        Tally.differences(first.calls(), second.calls()),
        Tally.differences(first.sequences().changes(stacks), second.sequences().changes(stacks)),
        Tally.differences(first.held(stacks), second.held(stacks)),
        Tally.differences(first.wrong(stacks), second.wrong(stacks)),
        sequences.same(),
        sequences.sameClasses(),
        sequences.turns(),
        SequenceDiff.tooLong(first.sequences()),
        SequenceDiff.tooLong(second.sequences()));
  }

  /** Whether anything that was compared differs. */
  public boolean hasDifferences() {
    return !(events.isEmpty()
        && calls.isEmpty()
        && changes.isEmpty()
        && held.isEmpty()
        && wrong.isEmpty()
        && turns.isEmpty());
  }
}
