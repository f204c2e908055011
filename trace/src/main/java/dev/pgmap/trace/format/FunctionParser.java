package dev.pgmap.trace.format;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.format.CLexer.Kind;
import java.util.ArrayList;
import java.util.List;

/** Parses what stands between the parentheses of a function that a {@code print fmt} may call. */
final class FunctionParser {
  private final ExprParser parser;
  private final Style style;

  FunctionParser(ExprParser parser, Style style) {
    this.parser = parser;
    this.style = style;
  }

  /** The call of a function; the parser stands after the opening parenthesis. */
  Expr call(String name) {
    return switch (name) {
      case "__print_flags", "__print_flags_u64" -> flags();
      case "__print_symbolic", "__print_symbolic_u64" -> symbolic();
      case "__print_hex" -> hex(" ");
      case "__print_hex_str" -> hex("");
      case "__print_array" -> array();
      case "__get_str", "__get_rel_str" -> new Texts.FieldText(field());
      case "__get_bitmask", "__get_rel_bitmask" -> new Texts.Bitmask(field());
      case "__get_cpumask", "__get_rel_cpumask" ->
          style == Style.KERNEL ? new Texts.Bitmask(field()) : new Texts.CpuList(field());
      case "__get_dynamic_array",
          "__get_rel_dynamic_array",
          "__get_sockaddr",
          "__get_rel_sockaddr",
          "__get_sockaddr_rel" ->
          new Expr.Place(field());
      case "__get_dynamic_array_len", "__get_rel_dynamic_array_len" -> new Numbers.Length(field());
      case "__builtin_expect" -> expectation();
      case "sizeof" -> size();
      case "__print_ns_to_secs" -> new Texts.Seconds(nanos());
      case "__print_ns_without_secs" ->
          Numbers.binary(
              Operator.MODULO,
              nanos(),
              new Numbers.Constant(1_000_000_000, CType.U64),
              CType.U64,
              CType.U64);
      default -> throw new UnparsableFormat("a function " + Excerpt.of(name));
    };
  }

  private EventField field() {
    return parser.fieldNamed(parser.expect(Kind.WORD).text());
  }

  private Expr.Number argument() {
    return parser.number(parser.expression());
  }

  private Expr.Number nextArgument() {
    parser.expect(",");
    return argument();
  }

  private Expr.Number nanos() {
    if (style == Style.TRACE_CMD) {
      throw new UnparsableFormat("a function that libtraceevent does not know");
    }
    return argument();
  }

  private Expr flags() {
    Expr.Number value = argument();
    parser.expect(",");
    String delimiter = CLiterals.unescape(parser.literals());
    return new Texts.Flags(value, delimiter, namedValues());
  }

  private Expr symbolic() {
    return new Texts.Symbolic(argument(), namedValues());
  }

  private NamedValues namedValues() {
    NamedValues.Builder list = new NamedValues.Builder();
    while (parser.peek().is(",")) {
      parser.take();
      parser.expect("{");
      Expr.Number value = argument();
      parser.expect(",");
      Expr name = parser.expression();
      parser.expect("}");
      add(list, constant(value), name);
    }
    return list.build(style);
  }

  /** A null for a name ends the kernel's list; libtraceevent takes it for the name 0. */
  private void add(NamedValues.Builder list, long value, Expr name) {
    if (name instanceof Texts.Literal(String text)) {
      list.add(value, text);
    } else if (style == Style.TRACE_CMD) {
      list.add(value, "0");
    }
  }

  /** In the style of trace-cmd, a bare name and a negative number count as -1. */
  private long constant(Expr.Number value) {
    Long found = Numbers.constant(value);
    if (found == null) {
      throw new UnparsableFormat("a list of values with one that is not constant");
    }
    if (style == Style.KERNEL) {
      return found;
    }
    return value instanceof Numbers.Name name
        ? EnumNames.libtraceeventValueOf(name.name())
        : Math.max(found, -1);
  }

  private Expr hex(String delimiter) {
    EventField field = ExprParser.place(parser.expression());
    return new Texts.Hex(field, nextArgument(), delimiter);
  }

  private Expr array() {
    EventField field = ExprParser.place(parser.expression());
    Expr.Number count = nextArgument();
    return new Texts.Array(field, count, nextArgument());
  }

  private Expr expectation() {
    Expr value = parser.expression();
    parser.expect(",");
    parser.expression();
    return value;
  }

  private Expr size() {
    if (parser.peek().text().equals("REC")) {
      EventField field = ExprParser.place(parser.expression());
      return new Numbers.Constant(field.bytes(), CType.U64);
    }
    List<String> words = new ArrayList<>();
    while (parser.peek().kind() == Kind.WORD) {
      words.add(parser.take().text());
    }
    boolean pointer = parser.peek().is("*");
    if (pointer) {
      parser.take();
    }
    if (words.isEmpty() || words.contains("struct")) {
      throw new UnparsableFormat("the size of an unknown type");
    }
    return new Numbers.Constant(CType.named(words, pointer).bits() / 8, CType.U64);
  }
}
