package dev.pgmap.core.failure;

/** {@code enum mf_action_page_type}: what kind of page failed, as far as device pages can be. */
enum ActionPage {
  KERNEL("reserved kernel page"),
  KERNEL_HIGH_ORDER("high-order kernel page"),
  DAX("dax page");

  private final String text;

  ActionPage(String text) {
    this.text = text;
  }

  /** Its number in a kernel: only device pages have moved since there are numbers. */
  int number(FailurePolicies policies) {
    return this == DAX ? policies.daxPageNumber() : ordinal();
  }

  @Override
  public String toString() {
    return text;
  }
}
