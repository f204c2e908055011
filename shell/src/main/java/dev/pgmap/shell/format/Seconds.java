package dev.pgmap.shell.format;

import dev.pgmap.shell.session.CommandException;
import java.math.BigDecimal;

/** Durations as a person types them. */
public final class Seconds {
  private static final int MAX_SECONDS = 1_000_000;
  private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);

  private Seconds() {}

  /**
   * Nanoseconds for a text such as {@code 0.5}.
   *
   * @throws CommandException if it is no number from 0 to a million
   */
  public static long toNanos(String text) {
    if (!text.matches("[0-9]{1,9}(\\.[0-9]{1,9})?|\\.[0-9]{1,9}")
        || new BigDecimal(text).intValue() >= MAX_SECONDS) {
      throw CommandException.badValue(
          "seconds", text, "a number such as 2 or 0.5, below " + MAX_SECONDS);
    }
    return new BigDecimal(text).multiply(NANOS).longValue();
  }
}
