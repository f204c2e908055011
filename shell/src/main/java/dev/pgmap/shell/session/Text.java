package dev.pgmap.shell.session;

/** Text that came from outside, made fit to be shown in a message. */
public final class Text {
  private static final int MAX_SHOWN = 60;

  private Text() {}

  /** At most 60 characters, without control characters. */
  public static String shorten(String text) {
    String head = text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    StringBuilder shown = new StringBuilder(head.length());
    head.chars().forEach(c -> shown.append(Character.isISOControl(c) ? '?' : (char) c));
    return shown.toString();
  }
}
