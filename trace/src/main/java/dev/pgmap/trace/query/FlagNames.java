package dev.pgmap.trace.query;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventField.Shape;
import dev.pgmap.trace.event.EventFormat;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Page flags by name, such as {@code reserved|head}: as the event's own print format writes them,
 * which knows the names of its kernel. Null where an event has none.
 *
 * <p>A recording has few sets of flags: each is printed once.
 */
final class FlagNames implements Column.Value {
  private static final String LABEL = "flags=";
  private static final int MAX_KNOWN = 10_000;

  private record Flags(EventFormat format, long bits) {}

  private final Map<Flags, String> known = new HashMap<>();

  @Override
  public void append(TableAppender to, Row row) {
    to.add(of(row));
  }

  private @Nullable String of(Row row) {
    EventField field = row.event().format().field("flags");
    if (field == null) {
      return null;
    }
    if (field.shape() != Shape.NUMBER) {
      return field.shape().isText() ? row.event().text(field) : null;
    }
    if (known.size() > MAX_KNOWN) {
      known.clear();
    }
    long bits = row.event().number(field);
    return known.computeIfAbsent(
        new Flags(row.event().format(), bits), unused -> printed(row.text(), bits));
  }

  private static String printed(String text, long bits) {
    int label = text.indexOf(LABEL);
    if (label < 0) {
      return "0x" + Long.toHexString(bits);
    }
    int begin = label + LABEL.length();
    int end = text.indexOf(' ', begin);
    return end < 0 ? text.substring(begin) : text.substring(begin, end);
  }
}
