package dev.pgmap.core.failure;

/** {@code enum mf_action_page_type}: what kind of page failed, as far as device pages can be. */
enum ActionPage {
  KERNEL(0, "reserved kernel page"),
  KERNEL_HIGH_ORDER(1, "high-order kernel page"),
  DAX(17, "dax page");

  private final int number;
  private final String text;

  ActionPage(int number, String text) {
    this.number = number;
    this.text = text;
  }

  /** Its number in 7.2, and since 6.1; the numbers of 5.10 were others. */
  int number() {
    return number;
  }

  @Override
  public String toString() {
    return text;
  }
}
