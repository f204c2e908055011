package dev.pgmap.trace.format;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.format.CLexer.Kind;
import dev.pgmap.trace.format.CLexer.Token;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses the arguments of a {@code print fmt}: C expressions over {@code REC->field}.
 *
 * <p>In the style of the kernel, numbers have the types of C. In the style of trace-cmd all are
 * unsigned and 64 bits wide, as libtraceevent's eval_num_arg computes.
 */
final class ExprParser {
  /** How deep expressions may nest; the kernel's own stay below 20. */
  static final int MAX_DEPTH = 200;

  private static final Expr.Number ZERO = new Numbers.Constant(0, CType.S32);

  private final EventFormat format;
  private final Style style;
  private final EnumNames enumNames;
  private final List<Token> tokens;
  private int at;
  private int depth;

  ExprParser(EventFormat format, Style style, List<Token> tokens) {
    this.format = format;
    this.style = style;
    this.tokens = tokens;
    this.enumNames = EnumNames.of(format, style);
  }

  /** Adjacent string literals as one, escapes untouched. */
  String literals() {
    StringBuilder text = new StringBuilder(expect(Kind.STRING).text());
    while (peek().kind() == Kind.STRING) {
      text.append(take().text());
    }
    return text.toString();
  }

  /** What follows the format string: a comma before each argument. */
  List<Expr> arguments() {
    List<Expr> arguments = new ArrayList<>();
    while (peek().kind() != Kind.END) {
      expect(",");
      arguments.add(expression());
    }
    return arguments;
  }

  /** {@code condition ? a : b}, or anything that binds tighter. */
  Expr expression() {
    deeper();
    Expr condition = binary(1);
    if (peek().is("?")) {
      take();
      Expr whenTrue = expression();
      expect(":");
      condition = checked(choice(number(condition), whenTrue, expression()));
    }
    depth--;
    return condition;
  }

  private Expr choice(Expr.Number condition, Expr whenTrue, Expr whenFalse) {
    if (whenTrue instanceof Expr.Number a && whenFalse instanceof Expr.Number b) {
      return new Numbers.Choice(condition, a, b, CType.common(a.type(), b.type()));
    }
    return new Texts.Choice(condition, text(whenTrue), text(whenFalse));
  }

  private Expr binary(int minPrecedence) {
    Expr left = unary();
    while (true) {
      Operator operator = peek().kind() == Kind.OPERATOR ? Operator.of(peek().text()) : null;
      if (operator == null || operator.precedence() < minPrecedence) {
        return left;
      }
      take();
      Expr right = binary(operator.precedence() + 1);
      left = checked(operation(operator, number(left), number(right)));
    }
  }

  private static Expr.Number operation(Operator operator, Expr.Number left, Expr.Number right) {
    CType operands = operator.operands(left.type(), right.type());
    CType result = operator.isTruth() ? CType.S32 : operands;
    return Numbers.binary(operator, left, right, operands, result);
  }

  private Expr unary() {
    Token token = peek();
    if (token.kind() != Kind.OPERATOR || "-~!+&".indexOf(token.text().charAt(0)) < 0) {
      return postfix();
    }
    if (token.text().length() > 1) {
      throw unexpected("an operand");
    }
    take();
    deeper();
    Expr operand = unary();
    depth--;
    return switch (token.text()) {
      case "+" -> operand;
      case "&" -> addressOf(operand);
      default -> checked(unary(token.text().charAt(0), number(operand)));
    };
  }

  private static Expr.Number unary(char operator, Expr.Number operand) {
    CType type = operator == '!' ? CType.S32 : operand.type().promoted();
    return Numbers.unary(operator, operand, type);
  }

  private Expr addressOf(Expr operand) {
    if (style == Style.TRACE_CMD) {
      throw new UnparsableFormat("libtraceevent takes no '&'");
    }
    return operand instanceof Numbers.Field(EventField field, CType stored, CType type)
        ? new Expr.Place(field)
        : new Expr.Place(place(operand));
  }

  private Expr postfix() {
    Expr expr = primary();
    while (peek().is("[")) {
      take();
      Expr.Number index = number(expression());
      expect("]");
      expr = checked(element(place(expr), index, style));
    }
    return expr;
  }

  private Expr primary() {
    Token token = take();
    return switch (token.kind()) {
      case NUMBER -> CLiterals.number(token.text(), style);
      case CHARACTER -> new Numbers.Constant(CLiterals.character(token.text()), CType.S32);
      case STRING -> {
        at--;
        yield new Texts.Literal(CLiterals.unescape(literals()));
      }
      case WORD -> word(token.text());
      case OPERATOR, END -> {
        if (token.is("(")) {
          yield parenthesis();
        }
        at--;
        throw unexpected("an operand");
      }
    };
  }

  private Expr word(String word) {
    if (word.equals("REC")) {
      expect("->");
      return field(expect(Kind.WORD).text());
    }
    if (peek().is("(")) {
      take();
      Expr result = new FunctionParser(this, style).call(word);
      expect(")");
      return checked(result);
    }
    return new Numbers.Name(word, enumNames.valueOf(word), evaluated(CType.S64, style));
  }

  private Expr field(String name) {
    EventField field = fieldNamed(name);
    if (field.shape() == EventField.Shape.NUMBER) {
      CType stored = stored(field.bytes(), field.signed(), style);
      return new Numbers.Field(field, stored, evaluated(stored, style));
    }
    return field.shape().isText() ? new Texts.FieldText(field) : new Expr.Place(field);
  }

  private static CType stored(int bytes, boolean signed, Style style) {
    return new CType(8 * bytes, signed && style == Style.KERNEL);
  }

  /** The type to go on with: in the style of trace-cmd everything is 64 bits and unsigned. */
  static CType evaluated(CType type, Style style) {
    return style == Style.TRACE_CMD ? CType.U64 : type;
  }

  private Expr parenthesis() {
    if (peek().text().equals("REC") && tokens.get(at + 1).is(")")) {
      at += 2;
      expect("->");
      return field(expect(Kind.WORD).text());
    }
    CastType cast = CastType.at(tokens, at);
    if (cast != null) {
      at = cast.end();
      deeper();
      Expr operand = unary();
      depth--;
      return checked(cast.apply(operand, style));
    }
    Expr inside = expression();
    expect(")");
    return inside;
  }

  /** The field of that name. */
  EventField fieldNamed(String name) {
    EventField field = format.field(name);
    if (field == null) {
      throw new UnparsableFormat("no field " + Excerpt.of(name));
    }
    return field;
  }

  /** The expression as a number; a text is the address of one. */
  Expr.Number number(Expr expr) {
    return number(expr, style);
  }

  /** The expression as a number; a text is the address of one. */
  static Expr.Number number(Expr expr, Style style) {
    return switch (expr) {
      case Expr.Number number -> number;
      case Expr.Place place -> element(place.field(), ZERO, style);
      case Expr.Text text -> new Numbers.Constant(style == Style.KERNEL ? 1 : 0, CType.U64);
    };
  }

  private static Expr.Number element(EventField field, Expr.Number index, Style style) {
    CType stored = stored(field.elementBytes(), field.signed(), style);
    return new Numbers.Element(field, index, stored, evaluated(stored, style));
  }

  /** The expression as a text. */
  static Expr.Text text(Expr expr) {
    return switch (expr) {
      case Expr.Text text -> text;
      case Expr.Place place -> new Texts.FieldText(place.field());
      case Expr.Number number -> new Texts.Address(number);
    };
  }

  /** The field whose bytes the expression stands for. */
  static EventField place(Expr expr) {
    return switch (expr) {
      case Expr.Place place -> place.field();
      case Texts.FieldText text -> text.field();
      case Numbers.Field number -> number.field();
      default -> throw new UnparsableFormat("no field where one is needed");
    };
  }

  Token peek() {
    return tokens.get(at);
  }

  Token take() {
    Token token = tokens.get(at);
    if (token.kind() != Kind.END) {
      at++;
    }
    return token;
  }

  void expect(String operator) {
    if (!peek().is(operator)) {
      throw unexpected("'" + operator + "'");
    }
    take();
  }

  Token expect(Kind kind) {
    if (peek().kind() != kind) {
      throw unexpected(kind.toString());
    }
    return take();
  }

  private UnparsableFormat unexpected(String expected) {
    return new UnparsableFormat(
        "token %d is '%s', expected %s".formatted(at, Excerpt.of(peek().text()), expected));
  }

  private void deeper() {
    if (++depth > MAX_DEPTH) {
      throw new UnparsableFormat("nested deeper than " + MAX_DEPTH);
    }
  }

  private static Expr checked(Expr expr) {
    if (expr.depth() > MAX_DEPTH) {
      throw new UnparsableFormat("nested deeper than " + MAX_DEPTH);
    }
    return expr;
  }
}
