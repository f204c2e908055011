package dev.pgmap.shell.line;

/** Text that is read once, character by character, with the number of the line. */
final class Source {
  private final String text;
  private int at;
  private int line;
  private int depth;

  /**
   * A text from its beginning.
   *
   * @param depth how many command substitutions it is inside of
   */
  Source(String text, int firstLine, int depth) {
    this.text = text;
    this.line = firstLine;
    this.depth = depth;
  }

  /** Enters a command substitution. */
  void descend() {
    depth++;
  }

  /** Leaves a command substitution. */
  void ascend() {
    depth--;
  }

  int depth() {
    return depth;
  }

  boolean has() {
    return at < text.length();
  }

  char peek() {
    return text.charAt(at);
  }

  char take() {
    char c = text.charAt(at);
    skip(1);
    return c;
  }

  boolean startsWith(String prefix) {
    return text.startsWith(prefix, at);
  }

  void skip(int length) {
    for (int i = 0; i < length; i++) {
      if (text.charAt(at++) == '\n') {
        line++;
      }
    }
  }

  /** Skips up to that character, or to the end. */
  void skipTo(char c) {
    int next = text.indexOf(c, at);
    skip((next < 0 ? text.length() : next) - at);
  }

  int position() {
    return at;
  }

  int line() {
    return line;
  }

  String since(int start) {
    return text.substring(start, at);
  }

  SyntaxError error(String message) {
    return new SyntaxError(line, message);
  }
}
