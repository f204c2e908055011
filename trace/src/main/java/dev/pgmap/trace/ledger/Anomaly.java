package dev.pgmap.trace.ledger;

import java.util.List;

/**
 * A change that should not have happened, of all pages where the same stacks were involved.
 *
 * @param kind what is wrong
 * @param stack the functions of the change, innermost first; empty if not known
 * @param stackIsHint whether these are functions that the task called last
 * @param tasks who did it
 * @param previousStack those of the release before it on the same page
 * @param previousStackIsHint whether these are functions that the task called last
 * @param previousTasks who did that; empty if nobody released before
 * @param amount how many references too many, in all
 * @param times how often
 * @param pfns on which pages
 * @param first when it happened first, in units of the clock
 * @param last when it happened last
 * @param certainty whether events of the pages are missing
 */
public record Anomaly(
    Kind kind,
    List<String> stack,
    boolean stackIsHint,
    List<TaskShare> tasks,
    List<String> previousStack,
    boolean previousStackIsHint,
    List<TaskShare> previousTasks,
    long amount,
    long times,
    PfnRanges pfns,
    long first,
    long last,
    Certainty certainty) {

  /** What is wrong. */
  public enum Kind {
    /** A put of more than was held: the count fell below zero. */
    PUT_TOO_MANY("put too many"),
    /** A put took the base reference, which only the owner of the memory may drop. */
    PUT_OF_BASE("put of the owner's base reference"),
    /** A plain put while only pins were outstanding: it took a part of a pin. */
    PUT_OF_PIN("plain put of a pinned page"),
    /**
     * A put took what only others could give back, such as a mapping's reference, and nothing else
     * was left to put: the rightful put will be one too many.
     */
    PUT_OF_OTHERS("put of a reference that somebody else holds"),
    /** The count was set, as at creation, while somebody held the page. */
    SET_WHILE_HELD("initialised while held"),
    /** A result that the events before do not explain: some are missing. */
    CONTRADICTION("does not add up");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** A few words for a report. */
    public String text() {
      return text;
    }

    /** Whether it is an error of the traced system rather than a gap of the recording. */
    public boolean isError() {
      return this != CONTRADICTION;
    }
  }

  /** An anomaly. */
  public Anomaly {
    stack = List.copyOf(stack);
    tasks = List.copyOf(tasks);
    previousStack = List.copyOf(previousStack);
    previousTasks = List.copyOf(previousTasks);
  }
}
