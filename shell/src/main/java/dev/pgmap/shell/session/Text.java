package dev.pgmap.shell.session;

/** Text that came from outside, made fit to be shown in a message. */
public final class Text {
  private static final int MAX_SHOWN = 60;

  private Text() {}

  /** At most 60 characters, without control characters. */
  public static String shorten(String text) {
    return shorten(text, MAX_SHOWN);
  }

  /** At most so many characters, without control characters. */
  public static String shorten(String text, int maxChars) {
    String head = text.length() <= maxChars ? text : text.substring(0, maxChars) + "...";
    StringBuilder shown = new StringBuilder(head.length());
    head.chars().forEach(c -> shown.append(Character.isISOControl(c) ? '?' : (char) c));
    return shown.toString();
  }
}
