package dev.pgmap.core.failure;

/** {@code enum mf_action_page_type}: what kind of page failed, as far as this engine has them. */
enum ActionPage {
  KERNEL("reserved kernel page"),
  KERNEL_HIGH_ORDER("high-order kernel page"),
  DIRTY_LRU("dirty LRU page"),
  DAX("dax page");

  private final String text;

  ActionPage(String text) {
    this.text = text;
  }

  /** Its number in a kernel; the later ones have moved as kinds before them went. */
  int number(FailurePolicies policies) {
    return switch (this) {
      case KERNEL, KERNEL_HIGH_ORDER -> ordinal();
      case DIRTY_LRU -> policies.dirtyLruNumber();
      case DAX -> policies.daxPageNumber();
    };
  }

  @Override
  public String toString() {
    return text;
  }
}
