package dev.pgmap.shell.command;

import java.util.ArrayList;
import java.util.List;

/** The words that one word becomes: several where an unquoted variable held blanks, or none. */
final class Fields {
  /**
   * A finished word.
   *
   * @param hasStar whether it holds a {@code *} that was not quoted
   */
  record Field(String text, boolean hasStar) {}

  private final List<Field> done = new ArrayList<>();
  private final StringBuilder current = new StringBuilder();
  private boolean open;
  private boolean star;

  void append(String text) {
    open = true;
    star |= text.indexOf('*') >= 0;
    current.append(text);
  }

  void appendQuoted(String text) {
    open = true;
    current.append(text);
  }

  /** Several words as they are: the first continues the word so far, the last may be continued. */
  void appendAll(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      if (i > 0) {
        finish();
      }
      appendQuoted(words.get(i));
    }
  }

  void appendSplit(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isWhitespace(text.charAt(i))) {
        finish();
      } else {
        open = true;
        current.append(text.charAt(i));
      }
    }
  }

  private void finish() {
    if (open) {
      done.add(new Field(current.toString(), star));
      current.setLength(0);
      open = false;
      star = false;
    }
  }

  List<Field> all() {
    finish();
    return done;
  }
}
