package dev.pgmap.trace.filter;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.Symbols;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses a filter: terms joined by {@code &&} and {@code ||}, {@code !} and parentheses.
 *
 * <p>Follows calc_stack, which looks at parentheses and quotes first, and predicate_parse.
 */
final class FilterParser {
  /** The longest line taken, in characters: a page, as in the kernel. */
  static final int MAX_CHARS = 4096;

  private static final int MAX_DEPTH = 128;

  private final String line;
  private final TermParser terms;
  private int at;
  private int depth;

  private FilterParser(String line, EventFormat format, Symbols symbols) {
    this.line = line;
    this.terms = new TermParser(line, format, symbols);
  }

  static Term parse(String line, EventFormat format, Symbols symbols) {
    if (line.length() > MAX_CHARS) {
      throw FilterProblem.OPERAND_TOO_LONG.at(line, MAX_CHARS);
    }
    FilterScan.check(line);
    FilterParser parser = new FilterParser(line, format, symbols);
    Term term = parser.any();
    if (parser.at < line.length()) {
      throw FilterProblem.TOO_MANY_PREDS.at(line, parser.at);
    }
    return term;
  }

  private Term any() {
    List<Term> alternatives = new ArrayList<>();
    do {
      alternatives.add(all());
    } while (takes("||"));
    return alternatives.size() == 1 ? alternatives.getFirst() : new Term.Any(alternatives);
  }

  private Term all() {
    List<Term> together = new ArrayList<>();
    do {
      together.add(one());
    } while (takes("&&"));
    return together.size() == 1 ? together.getFirst() : new Term.All(together);
  }

  private Term one() {
    boolean negated = false;
    skipBlanks();
    while (isNot()) {
      negated = !negated;
      at++;
      skipBlanks();
    }
    Term term = takes("(") ? parenthesis() : plain();
    return negated ? new Term.Not(term) : term;
  }

  /** A {@code !} that does not begin an operator. */
  private boolean isNot() {
    return line.startsWith("!", at) && !line.startsWith("!=", at) && !line.startsWith("!~", at);
  }

  private Term parenthesis() {
    if (++depth > MAX_DEPTH) {
      throw FilterProblem.TOO_MANY_OPEN.at(line, at);
    }
    Term term = any();
    depth--;
    if (!takes(")")) {
      throw FilterProblem.TOO_MANY_PREDS.at(line, at);
    }
    return term;
  }

  private Term plain() {
    Term term = terms.parse(at);
    at = terms.end();
    return term;
  }

  private boolean takes(String token) {
    skipBlanks();
    boolean here = line.startsWith(token, at);
    at += here ? token.length() : 0;
    return here;
  }

  private void skipBlanks() {
    while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
      at++;
    }
  }
}
