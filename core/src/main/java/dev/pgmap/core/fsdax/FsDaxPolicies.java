package dev.pgmap.core.fsdax;

/**
 * The answers of one family of kernels to the questions that this package asks.
 *
 * @param association how a page says which file it belongs to
 * @param layout when a truncate has to wait for a page
 * @param triesBlocksBeyondArea whether a fault tries a PMD entry also where its block does not lie
 *     in the area (up to 6.12); the file then refuses it
 */
public record FsDaxPolicies(
    Association association, LayoutRule layout, boolean triesBlocksBeyondArea) {
  /** Up to 5.19. */
  public static final FsDaxPolicies PAGES_OF_ONE_FILE =
      new FsDaxPolicies(Association.PAGES_OF_ONE_FILE, LayoutRule.MAPPED_FILES, true);

  /** 6.0 to 6.2. */
  public static final FsDaxPolicies PAGES_COUNT_IN_INDEX =
      new FsDaxPolicies(Association.PAGES_COUNT_IN_INDEX, LayoutRule.MAPPED_FILES, true);

  /** 6.3 to 6.14. */
  public static final FsDaxPolicies PAGES_COUNT_SHARES =
      new FsDaxPolicies(Association.PAGES_COUNT_SHARES, LayoutRule.MAPPED_FILES, true);

  /** 6.15 on. */
  public static final FsDaxPolicies FOLIOS =
      new FsDaxPolicies(Association.FOLIOS, LayoutRule.ALL_FILES, false);
}
