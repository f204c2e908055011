package dev.pgmap.shell.line;

import dev.pgmap.shell.line.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Cuts source text into tokens, as sh does. Used once. */
final class Lexer {
  private static final String ENDS_WORD = " \t\r\n;&|<>()";

  private final Source source;
  private final List<Token> tokens = new ArrayList<>();

  Lexer(String text, int firstLine, int depth) {
    this.source = new Source(text, firstLine, depth);
  }

  List<Token> tokens() {
    while (skipBlanksAndComments()) {
      next();
    }
    tokens.add(new Token(Kind.END, source.line(), source.position(), source.position(), null));
    return tokens;
  }

  private boolean skipBlanksAndComments() {
    while (source.has()) {
      char c = source.peek();
      if (c == '#') {
        source.skipTo('\n');
      } else if (source.startsWith("\\\n")) {
        source.skip(2);
      } else if (c == ' ' || c == '\t' || c == '\r') {
        source.skip(1);
      } else {
        return true;
      }
    }
    return false;
  }

  private void next() {
    switch (source.peek()) {
      case '\n' -> operator(Kind.NEWLINE, 1);
      case ';' -> operator(Kind.SEMICOLON, 1);
      case '&' -> operator(source.startsWith("&&") ? Kind.AND : Kind.AMPERSAND);
      case '|' -> operator(source.startsWith("||") ? Kind.OR : Kind.PIPE);
      case '>' -> operator(source.startsWith(">>") ? Kind.APPEND : Kind.GREATER);
      case '<', '(', ')' ->
          throw source.error(
              "found '" + source.peek() + "', expected a command; quote it if meant");
      default -> word();
    }
  }

  private void operator(Kind kind) {
    operator(kind, kind.text().length() - 2);
  }

  private void operator(Kind kind, int length) {
    int start = source.position();
    int line = source.line();
    source.skip(length);
    tokens.add(new Token(kind, line, start, source.position(), null));
  }

  private void word() {
    int start = source.position();
    int line = source.line();
    WordReader reader = new WordReader(source);
    while (source.has() && ENDS_WORD.indexOf(source.peek()) < 0) {
      reader.readPart();
    }
    tokens.add(new Token(Kind.WORD, line, start, source.position(), reader.word()));
  }
}
