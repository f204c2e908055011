package dev.pgmap.trace.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads page_ref events from lines of {@code trace} text into a {@link SourceBuilder}. */
final class PageRefText {
  private static final Pattern LINE =
      Pattern.compile(
          "\\s*(.+)-(\\d+)\\s+\\[(\\d+)]\\s+(?:\\S{4,6}\\s+)?(\\d+)(?:\\.(\\d{6}))?: (\\w+): (.*)");
  private static final Pattern FRAME = Pattern.compile("\\s*=> (\\S+)\\s*");

  private final SourceBuilder builder;
  private final List<String> frames = new ArrayList<>();

  PageRefText(SourceBuilder builder) {
    this.builder = builder;
  }

  void addAll(String lines) {
    for (String line : lines.lines().toList()) {
      Matcher frame = FRAME.matcher(line);
      if (frame.matches()) {
        frames.add(frame.group(1));
      } else {
        endStack();
        addEvent(line);
      }
    }
    endStack();
  }

  private void endStack() {
    if (!frames.isEmpty()) {
      builder.stack(frames.toArray(String[]::new));
      frames.clear();
    }
  }

  private void addEvent(String line) {
    if (line.isBlank() || line.startsWith("#") || line.contains("<stack trace>")) {
      return;
    }
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'%s': expected comm-pid [cpu] flags time: event: fields".formatted(line));
    }
    int pid = Integer.parseInt(matcher.group(2));
    builder.comm(pid, matcher.group(1).strip());
    builder.event(
        matcher.group(6),
        Integer.parseInt(matcher.group(3)),
        pid,
        stamp(matcher.group(4), matcher.group(5)),
        fields(matcher.group(7)));
  }

  private static long stamp(String whole, String micros) {
    long number = Long.parseLong(whole);
    return micros == null ? number : number * 1_000_000_000L + Long.parseLong(micros) * 1_000L;
  }

  private static Object[] fields(String text) {
    List<Object> fields = new ArrayList<>();
    for (String field : text.strip().split("\\s+")) {
      String[] parts = field.split("=", 2);
      fields.add(parts[0]);
      fields.add(value(parts[0], parts[1]));
    }
    return fields.toArray();
  }

  private static long value(String name, String text) {
    if (text.startsWith("0x")) {
      return Long.parseUnsignedLong(text.substring(2), 16);
    }
    if (name.equals("flags")) {
      return TestFormats.pageFlags(text);
    }
    return name.equals("mapping") ? Long.parseUnsignedLong(text, 16) : Long.parseLong(text);
  }
}
