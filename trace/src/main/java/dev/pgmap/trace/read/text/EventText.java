package dev.pgmap.trace.read.text;

/** What a line says behind its stamp: the event and its text. */
final class EventText {
  private static final String MARKER = "tracing_mark_write";
  private static final int MAX_NAME_CHARS = 128;

  private EventText() {}

  /**
   * Reads it.
   *
   * @return false if it is no event
   */
  static boolean read(String text, RawEvent to) {
    if (text.startsWith("<stack trace") || text.startsWith("<user stack trace")) {
      to.event = RawEvent.STACK;
      return true;
    }
    int end = nameEnd(text);
    if (end > 0 && end < text.length() && text.charAt(end) == ':') {
      event(text.substring(0, end), text.substring(end + 1).strip(), to);
      return true;
    }
    if (text.indexOf("<-") > 0) {
      to.event = RawEvent.FUNCTION;
      to.body = text;
      return true;
    }
    return false;
  }

  private static int nameEnd(String text) {
    int end = 0;
    while (end < text.length() && end < MAX_NAME_CHARS && isName(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isName(char c) {
    return c == '_' || c == '.' || c < 128 && Character.isLetterOrDigit(c);
  }

  private static void event(String name, String body, RawEvent to) {
    boolean marker = name.equals(MARKER) || name.equals(RawEvent.PRINT);
    to.event = marker ? RawEvent.PRINT : name;
    to.body = marker ? message(body) : body;
  }

  /** trace-cmd shows who wrote the message: the marker file, for that of a user. */
  private static String message(String body) {
    return body.startsWith(MARKER + ":") ? body.substring(MARKER.length() + 1).strip() : body;
  }
}
