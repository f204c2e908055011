package dev.pgmap.trace.format;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Cuts a printf format into literal text and conversions, and gives each its argument. */
final class ConversionParser {
  private static final Pattern CONVERSION =
      Pattern.compile(
          "%(?<flags>[-+ #0]*)(?<width>\\d{1,6}|\\*)?(?:\\.(?<precision>\\d{0,6}|\\*))?"
              + "(?<length>hh|h|ll|l|L|q|j|z|Z|t)?(?<type>[diuxXocsp%])");

  /** The letters after {@code %p} that the kernel takes: all. */
  private static final Pattern KERNEL_EXTENSION = Pattern.compile("[A-Za-z0-9]*");

  /** Those that libtraceevent takes; others it prints. */
  private static final Pattern LIBTRACEEVENT_EXTENSION =
      Pattern.compile(
          "(?:[FSfs]|[Mm][RF]?|[Ii](?:S[pfs]*[hnlb]?c?|4[hnlb]?|6c?)?|U[LlBb]?|h[CDN]?)?");

  private final String format;
  private final Style style;
  private final Iterator<Expr> arguments;
  private final List<Piece> pieces = new ArrayList<>();
  private final StringBuilder literal = new StringBuilder();

  private ConversionParser(String format, Style style, List<Expr> arguments) {
    this.format = format;
    this.style = style;
    this.arguments = arguments.iterator();
  }

  /**
   * The pieces of a format, escapes untouched in it.
   *
   * @throws UnparsableFormat if arguments are missing
   */
  static List<Piece> pieces(String format, Style style, List<Expr> arguments) {
    ConversionParser parser = new ConversionParser(CLiterals.unescape(format), style, arguments);
    parser.run();
    return parser.pieces;
  }

  private void run() {
    Matcher matcher = CONVERSION.matcher(format);
    int at = 0;
    while (at < format.length()) {
      if (format.charAt(at) == '%' && matcher.region(at, format.length()).lookingAt()) {
        at = conversion(matcher);
      } else {
        literal.append(format.charAt(at++));
      }
    }
    endLiteral();
  }

  private int conversion(Matcher matcher) {
    char type = matcher.group("type").charAt(0);
    if (type == '%') {
      literal.append('%');
      return matcher.end();
    }
    endLiteral();
    int end = matcher.end();
    String extension = "";
    if (type == 'p') {
      Matcher letters = extensions().matcher(format).region(end, format.length());
      extension = letters.lookingAt() ? letters.group() : "";
      end += extension.length();
    }
    pieces.add(piece(of(matcher, type == 'i' ? 'd' : type, extension)));
    return end;
  }

  private Pattern extensions() {
    return style == Style.KERNEL ? KERNEL_EXTENSION : LIBTRACEEVENT_EXTENSION;
  }

  private Conversion of(Matcher matcher, char type, String extension) {
    String width = matcher.group("width");
    String precision = matcher.group("precision");
    return new Conversion(
        matcher.group("flags"),
        Math.max(literal(width), 0),
        star(width),
        precision != null && precision.isEmpty() ? 0 : literal(precision),
        star(precision),
        bits(matcher.group("length")),
        type,
        extension);
  }

  private static int literal(@Nullable String digits) {
    return digits == null || digits.isEmpty() || digits.equals("*")
        ? -1
        : Math.min(Integer.parseInt(digits), Conversion.MAX_WIDTH);
  }

  private Expr.@Nullable Number star(@Nullable String width) {
    return width != null && width.equals("*") ? numeric(argument()) : null;
  }

  private static int bits(@Nullable String length) {
    return switch (length) {
      case null -> 32;
      case "hh" -> 8;
      case "h" -> 16;
      default -> 64;
    };
  }

  private Piece piece(Conversion conversion) {
    Expr argument = argument();
    return switch (conversion.type()) {
      case 's' -> new Piece.TextPiece(conversion, ExprParser.text(argument));
      case 'p' -> PointerPiece.of(conversion, argument, numeric(argument), style);
      default -> new Piece.NumberPiece(conversion, numeric(argument), style);
    };
  }

  private Expr argument() {
    if (!arguments.hasNext()) {
      throw new UnparsableFormat("more conversions than arguments");
    }
    return arguments.next();
  }

  private Expr.Number numeric(Expr expr) {
    return ExprParser.number(expr, style);
  }

  private void endLiteral() {
    if (!literal.isEmpty()) {
      pieces.add(new Piece.Literal(literal.toString()));
      literal.setLength(0);
    }
  }
}
