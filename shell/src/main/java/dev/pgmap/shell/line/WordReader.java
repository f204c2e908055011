package dev.pgmap.shell.line;

import dev.pgmap.shell.line.Word.Literal;
import dev.pgmap.shell.line.Word.Output;
import dev.pgmap.shell.line.Word.Part;
import dev.pgmap.shell.line.Word.Variable;
import java.util.ArrayList;
import java.util.List;

/** Reads one word: literals, quotes, variables, command substitution. */
final class WordReader {
  private static final String ESCAPABLE_IN_QUOTES = "\"\\$`\n";
  private static final String SPECIAL_VARIABLES = "?!@#123456789";

  /** Each of these doubles the work where quotes are around them. */
  private static final int MAX_DEPTH = 10;

  private final Source source;
  private final List<Part> parts = new ArrayList<>();
  private final StringBuilder literal = new StringBuilder();
  private boolean inLiteral;
  private boolean literalIsQuoted;

  WordReader(Source source) {
    this.source = source;
  }

  Word word() {
    endLiteral();
    return new Word(parts);
  }

  void readPart() {
    switch (source.peek()) {
      case '\'' -> singleQuoted();
      case '"' -> doubleQuoted();
      case '$' -> dollar(false);
      case '`' -> throw source.error("found '`', expected $(...) for the output of a command");
      case '\\' -> escaped();
      default -> literal(source.take(), false);
    }
  }

  private void literal(char c, boolean quoted) {
    beginLiteral(quoted).append(c);
  }

  private void literal(String text, boolean quoted) {
    beginLiteral(quoted).append(text);
  }

  /** The text of the literal that is being read: a new one if the last was quoted otherwise. */
  private StringBuilder beginLiteral(boolean quoted) {
    if (inLiteral && literalIsQuoted != quoted) {
      endLiteral();
    }
    inLiteral = true;
    literalIsQuoted = quoted;
    return literal;
  }

  private void endLiteral() {
    if (inLiteral) {
      parts.add(new Literal(literal.toString(), literalIsQuoted));
      literal.setLength(0);
      inLiteral = false;
    }
  }

  private void add(Part part) {
    endLiteral();
    parts.add(part);
  }

  private void escaped() {
    source.skip(1);
    if (!source.has()) {
      throw source.error("found '\\' at the end, expected a character after it");
    }
    char c = source.take();
    if (c != '\n') {
      literal(c, true);
    }
  }

  private void singleQuoted() {
    int line = source.line();
    source.skip(1);
    int start = source.position();
    source.skipTo('\'');
    if (!source.has()) {
      throw unclosed(line, "'");
    }
    String text = source.since(start);
    literal(text, true);
    source.skip(1);
  }

  private void doubleQuoted() {
    int line = source.line();
    source.skip(1);
    literal("", true);
    while (source.has() && source.peek() != '"') {
      if (source.peek() == '$') {
        dollar(true);
      } else if (source.peek() == '\\') {
        escapedInQuotes();
      } else {
        literal(source.take(), true);
      }
    }
    if (!source.has()) {
      throw unclosed(line, "\"");
    }
    source.skip(1);
  }

  private void escapedInQuotes() {
    source.skip(1);
    if (source.has() && ESCAPABLE_IN_QUOTES.indexOf(source.peek()) >= 0) {
      char c = source.take();
      if (c != '\n') {
        literal(c, true);
      }
    } else {
      literal('\\', true);
    }
  }

  private static SyntaxError unclosed(int line, String quote) {
    return new SyntaxError(line, "found the end, expected the " + quote + " that closes the quote");
  }

  private void dollar(boolean quoted) {
    source.skip(1);
    if (source.has() && source.peek() == '(') {
      output(quoted);
    } else if (source.has() && source.peek() == '{') {
      source.skip(1);
      String name = name();
      if (name.isEmpty() || !source.has() || source.take() != '}') {
        throw source.error("found '${', expected a name and '}' after it");
      }
      add(new Variable(name, quoted));
    } else {
      String name = name();
      if (name.isEmpty()) {
        literal('$', quoted);
      } else {
        add(new Variable(name, quoted));
      }
    }
  }

  private String name() {
    int start = source.position();
    if (source.has() && SPECIAL_VARIABLES.indexOf(source.peek()) >= 0) {
      source.skip(1);
      return source.since(start);
    }
    while (source.has() && isNameCharacter(source.peek(), source.position() == start)) {
      source.skip(1);
    }
    return source.since(start);
  }

  static boolean isNameCharacter(char c, boolean first) {
    boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    return letter || !first && c >= '0' && c <= '9';
  }

  /** Finds the parenthesis that closes {@code $(}, skipping quotes and nested ones. */
  private void output(boolean quoted) {
    source.descend();
    if (source.depth() > MAX_DEPTH) {
      throw source.error("found '$(', expected at most " + MAX_DEPTH + " inside each other");
    }
    int line = source.line();
    source.skip(1);
    int start = source.position();
    int depth = 1;
    while (source.has()) {
      char c = source.peek();
      if (c == '\'' || c == '"') {
        new WordReader(source).readPart();
        continue;
      }
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth == 0) {
        add(new Output(Parser.parse(source.since(start), line, source.depth()), quoted));
        source.ascend();
        source.skip(1);
        return;
      }
      source.skip(1);
    }
    throw new SyntaxError(line, "found the end, expected the ')' that closes '$('");
  }
}
