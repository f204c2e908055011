package dev.pgmap.trace.read.text;

import java.util.List;

/**
 * The columns of flags of a line of {@code trace}, back to {@code common_flags} and {@code
 * common_preempt_count} (trace_print_lat_fmt).
 *
 * <p>Which columns there are differs from kernel to kernel; the headings name them.
 */
final class FlagText {
  private static final int IRQS_OFF = 0x01;
  private static final int IRQS_NOSUPPORT = 0x02;
  private static final int RESCHED_LAZY = 0x02;
  private static final int RESCHED = 0x04;
  private static final int HARDIRQ = 0x08;
  private static final int SOFTIRQ = 0x10;
  private static final int PREEMPT_RESCHED = 0x20;
  private static final int NMI = 0x40;
  private static final int BH_OFF = 0x80;

  private static final List<String> FOUR =
      List.of("irqs-off", "need-resched", "hardirq/softirq", "preempt-depth");
  private static final List<String> FIVE =
      List.of("irqs-off", "need-resched", "hardirq/softirq", "preempt-depth", "migrate-disable");
  private static final List<String> SIX =
      List.of(
          "irqs-off",
          "need-resched",
          "need-resched-lazy",
          "hardirq/softirq",
          "preempt-depth",
          "migrate-disable");
  private static final List<String> SEVEN =
      List.of(
          "irqs-off",
          "need-resched",
          "need-resched-lazy",
          "hardirq/softirq",
          "preempt-depth",
          "preempt-lazy-depth",
          "migrate-disable");

  static final int LEAST_COLUMNS = 4;
  static final int MOST_COLUMNS = 7;

  private FlagText() {}

  /** Whether a word can be columns of flags. */
  static boolean isFlags(String word) {
    if (word.length() < LEAST_COLUMNS || word.length() > MOST_COLUMNS) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c != '.' && c != '#' && !(c < 128 && Character.isLetterOrDigit(c))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Puts the flags into an event.
   *
   * @param headings the columns that the headings name; as many as there are flags, or ignored
   */
  static void read(String word, List<String> headings, RawEvent to) {
    List<String> columns = headings.size() == word.length() ? headings : usual(word.length());
    for (int i = 0; i < word.length(); i++) {
      read(columns.get(i), word.charAt(i), to);
    }
  }

  private static List<String> usual(int count) {
    return switch (count) {
      case 4 -> FOUR;
      case 5 -> FIVE;
      case 6 -> SIX;
      default -> SEVEN;
    };
  }

  private static void read(String column, char c, RawEvent to) {
    switch (column) {
      case "irqs-off", "irqs-off/BH-disabled" -> to.flags |= irqs(c);
      case "need-resched" -> to.flags |= resched(c);
      case "hardirq/softirq" -> to.flags |= context(c);
      case "preempt-depth" -> to.preemptCount |= depth(c);
      case "migrate-disable" -> to.preemptCount |= depth(c) << 4;
      default -> {
        // The lazy columns of real-time kernels have no bits of their own.
      }
    }
  }

  private static int irqs(char c) {
    return switch (c) {
      case 'd' -> IRQS_OFF;
      case 'b' -> BH_OFF;
      case 'D' -> IRQS_OFF | BH_OFF;
      case 'X' -> IRQS_NOSUPPORT;
      default -> 0;
    };
  }

  private static int resched(char c) {
    return switch (c) {
      case 'B' -> RESCHED | PREEMPT_RESCHED | RESCHED_LAZY;
      case 'N' -> RESCHED | PREEMPT_RESCHED;
      case 'L' -> RESCHED_LAZY | PREEMPT_RESCHED;
      case 'b' -> RESCHED | RESCHED_LAZY;
      case 'n' -> RESCHED;
      case 'p' -> PREEMPT_RESCHED;
      case 'l' -> RESCHED_LAZY;
      default -> 0;
    };
  }

  private static int context(char c) {
    return switch (c) {
      case 'Z' -> NMI | HARDIRQ;
      case 'z' -> NMI;
      case 'H' -> HARDIRQ | SOFTIRQ;
      case 'h' -> HARDIRQ;
      case 's' -> SOFTIRQ;
      default -> 0;
    };
  }

  private static int depth(char c) {
    return Math.max(0, c < 128 ? Character.digit(c, 16) : 0);
  }
}
