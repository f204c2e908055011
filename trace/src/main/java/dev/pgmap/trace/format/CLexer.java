package dev.pgmap.trace.format;

import java.util.ArrayList;
import java.util.List;

/** Cuts a {@code print fmt} into the tokens of C. */
final class CLexer {
  /** The most tokens taken; the kernel's own formats have below 2,000. */
  static final int MAX_TOKENS = 1 << 16;

  private static final String[] LONG_OPERATORS = {
    "->", "<<", ">>", "&&", "||", "==", "!=", "<=", ">="
  };

  enum Kind {
    WORD,
    NUMBER,
    CHARACTER,
    STRING,
    OPERATOR,
    END
  }

  /**
   * A token.
   *
   * @param text of a string or character, what stands between the quotes, escapes untouched
   */
  record Token(Kind kind, String text) {
    boolean is(String operator) {
      return kind == Kind.OPERATOR && text.equals(operator);
    }
  }

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private CLexer(String text) {
    this.text = text;
  }

  /**
   * The tokens, {@code END} last.
   *
   * @throws UnparsableFormat if a quote is not closed, or there are too many
   */
  static List<Token> tokens(String text) {
    CLexer lexer = new CLexer(text);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (skipBlanks()) {
      if (tokens.size() == MAX_TOKENS) {
        throw new UnparsableFormat("more than " + MAX_TOKENS + " tokens");
      }
      tokens.add(next());
    }
    tokens.add(new Token(Kind.END, ""));
  }

  private boolean skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length();
  }

  private Token next() {
    char c = text.charAt(at);
    if (c == '"' || c == '\'') {
      return quoted(c);
    }
    if (isWordPart(c)) {
      int start = at;
      while (at < text.length() && isWordPart(text.charAt(at))) {
        at++;
      }
      return new Token(isDigit(c) ? Kind.NUMBER : Kind.WORD, text.substring(start, at));
    }
    for (String operator : LONG_OPERATORS) {
      if (text.startsWith(operator, at)) {
        at += operator.length();
        return new Token(Kind.OPERATOR, operator);
      }
    }
    at++;
    return new Token(Kind.OPERATOR, String.valueOf(c));
  }

  private Token quoted(char quote) {
    int start = ++at;
    while (at < text.length() && text.charAt(at) != quote) {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    if (at >= text.length()) {
      throw new UnparsableFormat("a quote that is not closed");
    }
    String content = text.substring(start, at++);
    return new Token(quote == '"' ? Kind.STRING : Kind.CHARACTER, content);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWordPart(char c) {
    return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$';
  }
}
