package dev.pgmap.shell.line;

import org.jspecify.annotations.Nullable;

/**
 * A token.
 *
 * @param kind what it is
 * @param line the line it begins on
 * @param start where it begins in the source
 * @param end one past its end
 * @param word its content if it is a word
 */
record Token(Kind kind, int line, int start, int end, @Nullable Word word) {
  enum Kind {
    WORD("a word"),
    SEMICOLON("';'"),
    AMPERSAND("'&'"),
    AND("'&&'"),
    OR("'||'"),
    PIPE("'|'"),
    GREATER("'>'"),
    APPEND("'>>'"),
    NEWLINE("the end of the line"),
    END("the end");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  boolean is(Kind other) {
    return kind == other;
  }

  /** The token as a keyword or name, if it is an unquoted word; else empty. */
  String bareText() {
    return word == null ? "" : word.bareText();
  }
}
