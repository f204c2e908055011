package dev.pgmap.core.failure;

import java.util.Set;

/**
 * The answers of one family of kernels to the questions that this package asks.
 *
 * @param daxPageNumber the number of "dax page" in {@code enum mf_action_page_type}, which the
 *     trace event records
 * @param rules the questions that are answered with yes
 */
public record FailurePolicies(int daxPageNumber, Set<Rule> rules) {

  /** A question on which kernels differ. */
  public enum Rule {
    /**
     * Up to 5.11: a device page whose memory section holds RAM, too, is taken for a page of RAM
     * that the kernel reserved.
     */
    MIXED_SECTIONS_ARE_ONLINE,

    /** 5.11 on: tasks that asked to be told early are, also when another one ran into the page. */
    TELLS_EARLY_TASKS,

    /** 6.0 on: the {@code memory_failure} op of the pgmap comes first. */
    ASKS_DRIVER,

    /** 6.4 on: the caller's reference is dropped also when the pgmap is gone already. */
    PUTS_WITHOUT_PAGEMAP,

    /** 6.0 on: memory that a device owns is refused as such, whether or not it is mapped. */
    KNOWS_DEVICE_OWNED,

    /** Where stable kernels of 2025 are: device pages cannot be unpoisoned. */
    UNPOISONS_ONLINE_PAGES_ONLY
  }

  private static final int FIRST_NUMBER_WITH_HALVES = 19;

  /** Copies the set. */
  public FailurePolicies {
    rules = Set.copyOf(rules);
  }

  /** The policies with these rules and no other. */
  public static FailurePolicies of(int daxPageNumber, Rule... rules) {
    return new FailurePolicies(daxPageNumber, Set.of(rules));
  }

  /**
   * The number of "dirty LRU page"; up to 5.17 one more kind, the second half of a free page,
   * stands between it and "dax page".
   */
  int dirtyLruNumber() {
    return daxPageNumber - (daxPageNumber >= FIRST_NUMBER_WITH_HALVES ? 5 : 4);
  }

  boolean has(Rule rule) {
    return rules.contains(rule);
  }
}
