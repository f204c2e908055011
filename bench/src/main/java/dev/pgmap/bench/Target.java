package dev.pgmap.bench;

import java.util.Locale;
import java.util.Optional;

/**
 * What a ratio of ours to the peer's is to be at most.
 *
 * @param most the ratio
 */
record Target(double most) {
  private static final Target BASE_PAGES = new Target(1.15);
  private static final Target HUGE_PIN = new Target(1.5);
  private static final Target HUGE_UNPIN = new Target(1.0 / 3);

  /** 4K within 1.15; 2M within 1.5; there is none for 1G. */
  static Optional<Target> ofPin(PinCase workload) {
    return switch (workload.size()) {
      case SIZE_4K -> Optional.of(BASE_PAGES);
      case SIZE_2M -> Optional.of(HUGE_PIN);
      case SIZE_1G -> Optional.empty();
    };
  }

  /**
   * 4K within 1.15; 2M three times as fast as a peer that reads the head from every record. In 5.10
   * there are no heads to look up.
   */
  static Optional<Target> ofUnpin(PinCase workload) {
    boolean compound = !workload.era().equals("5.10");
    return switch (workload.size()) {
      case SIZE_4K -> Optional.of(BASE_PAGES);
      case SIZE_2M -> compound ? Optional.of(HUGE_UNPIN) : Optional.empty();
      case SIZE_1G -> Optional.empty();
    };
  }

  String verdict(double ratio) {
    return String.format(Locale.ROOT, "%s (at most %.2f)", ratio <= most ? "met" : "NOT MET", most);
  }
}
