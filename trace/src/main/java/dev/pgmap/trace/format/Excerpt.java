package dev.pgmap.trace.format;

/** Foreign text in an error message: short, and without control characters. */
public final class Excerpt {
  private static final int MAX_CHARS = 80;

  private Excerpt() {}

  /** The text, or its start if it is long; control characters as {@code ?}. */
  public static String of(String text) {
    String start = text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) + "…" : text;
    StringBuilder clean = new StringBuilder(start);
    for (int i = 0; i < clean.length(); i++) {
      if (Character.isISOControl(clean.charAt(i))) {
        clean.setCharAt(i, '?');
      }
    }
    return clean.toString();
  }
}
