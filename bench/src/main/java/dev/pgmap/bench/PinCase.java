package dev.pgmap.bench;

import java.util.List;

/**
 * One workload: pin some MiB in calls of some pages, then unpin all; the same options make it for
 * the peer and for us.
 *
 * @param era {@code 5.10}, {@code 6.1} or {@code 7.2}: the kernels whose walk the peer knows
 * @param size the device's page size
 * @param batch pages per pin call
 * @param mib how much is pinned
 * @param inDevice whether each struct page has memory of its own, as with struct pages in the
 *     device
 * @param repeat repeats that count
 */
public record PinCase(String era, PageSize size, int batch, int mib, boolean inDevice, int repeat) {

  /** As options of a command line. */
  public List<String> toOptions() {
    return List.of(
        "--style", era,
        "--page", size.label(),
        "--batch", String.valueOf(batch),
        "--mib", String.valueOf(mib),
        "--vmemmap", inDevice ? "linear" : "shared",
        "--repeat", String.valueOf(repeat));
  }

  /**
   * Reads what {@link #toOptions} writes.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static PinCase parse(List<String> options) {
    Options from = Options.parse(options);
    PinCase parsed =
        new PinCase(
            from.text("style", "7.2"),
            PageSize.of(from.text("page", "4K")),
            from.number("batch", 512),
            from.number("mib", 1024),
            from.text("vmemmap", "shared").equals("linear"),
            from.number("repeat", 20));
    from.rejectUnknown();
    return parsed;
  }

  /** The number of 4 KiB pages. */
  public long nrPages() {
    return (long) mib << 8;
  }
}
