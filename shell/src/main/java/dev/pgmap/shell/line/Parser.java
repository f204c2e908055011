package dev.pgmap.shell.line;

import dev.pgmap.shell.line.Statement.Background;
import dev.pgmap.shell.line.Statement.Block;
import dev.pgmap.shell.line.Statement.Chain;
import dev.pgmap.shell.line.Statement.Loop;
import dev.pgmap.shell.line.Statement.Pipeline;
import dev.pgmap.shell.line.Statement.Redirect;
import dev.pgmap.shell.line.Statement.Simple;
import dev.pgmap.shell.line.Token.Kind;
import dev.pgmap.shell.session.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads command lines: the part of sh that scenarios use.
 *
 * <pre>
 *   list     := { chain ( ';' | '&amp;' | newline ) }
 *   chain    := pipeline { ( '&amp;&amp;' | '||' ) pipeline }
 *   pipeline := command { '|' command }
 *   command  := [ '-' ] word { word | '&gt;' word }
 *             | 'for' name 'in' { word } ( ';' | newline ) 'do' list 'done'
 *             | '{' list '}'
 * </pre>
 */
public final class Parser {
  private static final Set<String> NOT_SUPPORTED =
      Set.of("if", "while", "until", "case", "then", "fi", "function");
  private static final int MAX_DEPTH = 50;
  private static final int MAX_CHAINED = 100;

  private final String text;
  private final List<Token> tokens;
  private int at;
  private int depth;

  private Parser(String text, int firstLine, int depth) {
    this.text = text;
    this.tokens = new Lexer(text, firstLine, depth).tokens();
  }

  /**
   * Reads all commands of a text.
   *
   * @param firstLine the number of the text's first line
   * @throws SyntaxError that names the line
   */
  public static List<Statement> parse(String text, int firstLine) {
    return parse(text, firstLine, 0);
  }

  /** As {@link #parse(String, int)}, for a text inside of that many command substitutions. */
  static List<Statement> parse(String text, int firstLine, int depth) {
    Parser parser = new Parser(text, firstLine, depth);
    List<Statement> statements = parser.list("");
    parser.expect(Kind.END, "a command");
    return statements;
  }

  private Token peek() {
    return tokens.get(at);
  }

  private Token take() {
    return tokens.get(at++);
  }

  private boolean isSeparator() {
    return peek().is(Kind.NEWLINE) || peek().is(Kind.SEMICOLON);
  }

  private List<Statement> list(String end) {
    List<Statement> statements = new ArrayList<>();
    while (true) {
      while (isSeparator()) {
        take();
      }
      boolean over = peek().is(Kind.END) || !end.isEmpty() && peek().bareText().equals(end);
      if (over) {
        return statements;
      }
      statements.add(statement());
    }
  }

  private Statement statement() {
    int start = peek().start();
    Statement chain = chain();
    if (peek().is(Kind.AMPERSAND)) {
      Token ampersand = take();
      return new Background(chain.line(), text.substring(start, ampersand.end()), chain);
    }
    if (!isSeparator() && !peek().is(Kind.END)) {
      throw unexpected("';' or the end of the line");
    }
    return chain;
  }

  private Statement chain() {
    int start = peek().start();
    Statement left = pipeline();
    int nrCommands = 1;
    while (peek().is(Kind.AND) || peek().is(Kind.OR)) {
      boolean or = take().is(Kind.OR);
      while (peek().is(Kind.NEWLINE)) {
        take();
      }
      if (++nrCommands > MAX_CHAINED) {
        throw unexpected("at most " + MAX_CHAINED + " commands with '&&' and '||' between them");
      }
      Statement right = pipeline();
      left = new Chain(left.line(), textSince(start), left, or, right);
    }
    return left;
  }

  private Statement pipeline() {
    int start = peek().start();
    Statement first = command();
    if (!peek().is(Kind.PIPE)) {
      return first;
    }
    List<Statement> stages = new ArrayList<>(List.of(first));
    while (peek().is(Kind.PIPE)) {
      take();
      while (peek().is(Kind.NEWLINE)) {
        take();
      }
      stages.add(command());
    }
    return new Pipeline(first.line(), textSince(start), List.copyOf(stages));
  }

  private String textSince(int start) {
    return text.substring(start, tokens.get(at - 1).end());
  }

  private Statement command() {
    String first = peek().bareText();
    if (NOT_SUPPORTED.contains(first)) {
      throw unexpected("a command: of sh's own words there are only for and { }");
    }
    return switch (first) {
      case "do", "done" -> throw unexpected("a command; this belongs to a for that is not open");
      case "}" -> throw unexpected("a command; this belongs to a '{' that is not open");
      case "for" -> loop();
      case "{" -> block();
      default -> simple();
    };
  }

  private Simple simple() {
    Token first = peek();
    boolean mayFail = first.bareText().equals("-");
    if (mayFail) {
      take();
    }
    List<Word> words = new ArrayList<>();
    Redirect redirect = null;
    while (peek().is(Kind.WORD) || peek().is(Kind.GREATER) || peek().is(Kind.APPEND)) {
      Token token = take();
      if (token.is(Kind.WORD)) {
        words.add(Objects.requireNonNull(token.word()));
      } else {
        redirect = redirect(token, redirect);
      }
    }
    if (words.isEmpty()) {
      throw unexpected("a command");
    }
    return new Simple(
        first.line(), textSince(first.start()), mayFail, List.copyOf(words), redirect);
  }

  private Redirect redirect(Token operator, @Nullable Redirect before) {
    Token previous = at < 2 ? operator : tokens.get(at - 2);
    boolean numbered = previous.end() == operator.start() && previous.bareText().matches("[0-9]+");
    if (numbered || before != null) {
      throw new SyntaxError(
          operator.line(),
          "found a second or numbered redirection, expected one '>' of the output");
    }
    if (!peek().is(Kind.WORD)) {
      throw unexpected("a file after " + operator.kind().text());
    }
    return new Redirect(Objects.requireNonNull(take().word()), operator.is(Kind.APPEND));
  }

  private Loop loop() {
    Token start = take();
    String name = peek().bareText();
    if (!isName(name)) {
      throw unexpected("a variable's name after 'for'");
    }
    take();
    keyword("in", "'in' after 'for " + name + "'");
    List<Word> values = new ArrayList<>();
    while (peek().is(Kind.WORD)) {
      values.add(Objects.requireNonNull(take().word()));
    }
    if (!isSeparator()) {
      throw unexpected("';' or a new line before 'do'");
    }
    while (isSeparator()) {
      take();
    }
    keyword("do", "'do'");
    List<Statement> body = body("done", "'done' for the 'for' of line " + start.line());
    return new Loop(start.line(), textSince(start.start()), name, values, body);
  }

  private Block block() {
    Token start = take();
    List<Statement> body = body("}", "'}' for the '{' of line " + start.line());
    if (body.isEmpty()) {
      throw new SyntaxError(start.line(), "found '{ }' with nothing in it, expected a command");
    }
    return new Block(start.line(), textSince(start.start()), body);
  }

  /** The commands up to a keyword, and the keyword. */
  private List<Statement> body(String end, String expected) {
    if (++depth > MAX_DEPTH) {
      throw unexpected("loops and blocks that are nested less than " + MAX_DEPTH + " deep");
    }
    List<Statement> body = list(end);
    depth--;
    keyword(end, expected);
    return body;
  }

  /** Whether the text can name a variable. */
  public static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (!WordReader.isNameCharacter(name.charAt(i), i == 0)) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  private void keyword(String word, String expected) {
    if (!peek().bareText().equals(word)) {
      throw unexpected(expected);
    }
    take();
  }

  private void expect(Kind kind, String expected) {
    if (!peek().is(kind)) {
      throw unexpected(expected);
    }
  }

  private SyntaxError unexpected(String expected) {
    Token token = peek();
    String found =
        token.is(Kind.WORD)
            ? "'" + Text.shorten(text.substring(token.start(), token.end())) + "'"
            : token.kind().text();
    return new SyntaxError(token.line(), "found " + found + ", expected " + expected);
  }
}
