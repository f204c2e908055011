package dev.pgmap.core.mm;

/**
 * The answers of one family of kernels to the questions of anonymous memory.
 *
 * @param cow when a write may keep the page
 * @param exemptsZeroPage whether a pin of the zero page takes no reference (6.4 on, and the last
 *     6.1)
 */
public record AnonPolicies(CowRule cow, boolean exemptsZeroPage) {
  /** Up to 5.8. */
  public static final AnonPolicies COW_BY_MAP_COUNT = new AnonPolicies(CowRule.MAP_COUNT, false);

  /** 5.9 to 5.18. */
  public static final AnonPolicies COW_BY_PAGE_COUNT = new AnonPolicies(CowRule.PAGE_COUNT, false);

  /** 6.1.30 on. */
  public static final AnonPolicies EXCLUSIVE_MARKS = new AnonPolicies(CowRule.ANON_EXCLUSIVE, true);
}
