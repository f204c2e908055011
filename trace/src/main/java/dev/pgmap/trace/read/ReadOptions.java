package dev.pgmap.trace.read;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a recording is to be read, beyond what the file itself tells.
 *
 * @param pattern what a line of a log looks like that is an event; null if the file is no log. Its
 *     named groups are the event's fields, but for {@code ts} (seconds with a fraction, or a
 *     count), {@code event}, {@code pid}, {@code comm}, {@code cpu} and {@code function} (who did
 *     it; several with {@code <-} between, innermost first). A group {@code nameHex} is a
 *     hexadecimal number without {@code 0x}
 */
public record ReadOptions(@Nullable Pattern pattern) {
  /** Nothing beyond what the file tells. */
  public static final ReadOptions NONE = new ReadOptions(null);
}
