package dev.pgmap.shell.conformance;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a command waited for whoever holds pages: it was not over when the holder began to let
 * go. How long it took is not compared, since machines differ.
 */
final class Wait {
  private static final String SECONDS = "([0-9]{1,9}\\.[0-9]{1,9})";
  private static final Pattern OVER = Pattern.compile("destroy rc=[0-9]+ end " + SECONDS);
  private static final Pattern RELEASED = Pattern.compile("(?m)^\\[" + SECONDS + "\\] releasing");

  private Wait() {}

  /** One line on whether it waited; none where nothing was held or no end was printed. */
  static List<String> in(String printed) {
    Matcher over = OVER.matcher(printed);
    Matcher released = RELEASED.matcher(printed);
    if (!over.find() || !released.find()) {
      return List.of();
    }
    // The end is known to hundredths only.
    boolean waited =
        Double.parseDouble(over.group(1)) + 0.01 >= Double.parseDouble(released.group(1));
    return List.of(waited ? "waited for the holder" : "did not wait for the holder");
  }
}
