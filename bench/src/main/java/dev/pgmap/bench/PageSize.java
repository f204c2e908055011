package dev.pgmap.bench;

import java.util.Arrays;

/** The size of a device's mappings, and of its compound pages where the era has them. */
public enum PageSize {
  SIZE_4K("4K", 0),
  SIZE_2M("2M", 9),
  SIZE_1G("1G", 18);

  private final String label;
  private final int order;

  PageSize(String label, int order) {
    this.label = label;
    this.order = order;
  }

  /** As it is written: {@code 4K}, {@code 2M}, {@code 1G}. */
  public String label() {
    return label;
  }

  /** log2 of its 4 KiB pages. */
  public int order() {
    return order;
  }

  /** Its bytes. */
  public long bytes() {
    return 4096L << order;
  }

  /**
   * The size that is written so.
   *
   * @throws IllegalArgumentException that lists the sizes
   */
  public static PageSize of(String label) {
    return Arrays.stream(values())
        .filter(size -> size.label.equals(label))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("page size '" + label + "', expected 4K, 2M or 1G"));
  }
}
