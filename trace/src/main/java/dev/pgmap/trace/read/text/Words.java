package dev.pgmap.trace.read.text;

/** Goes along a line, word by word, in time that is linear in its length. For one thread. */
final class Words {
  private final String text;
  private int at;

  Words(String text, int from) {
    this.text = text;
    this.at = from;
  }

  int position() {
    return at;
  }

  void skipBlanks() {
    while (at < text.length() && isBlank(text.charAt(at))) {
      at++;
    }
  }

  static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** The next word; empty at the end. */
  String word() {
    skipBlanks();
    int from = at;
    while (at < text.length() && !isBlank(text.charAt(at))) {
      at++;
    }
    return text.substring(from, at);
  }

  /** The word that would be next; it stays. */
  String peek() {
    int from = at;
    String word = word();
    at = from;
    return word;
  }

  /** What is left, without blanks at its start. */
  String rest() {
    skipBlanks();
    return text.substring(at);
  }
}
