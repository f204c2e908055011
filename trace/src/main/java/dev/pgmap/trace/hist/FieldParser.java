package dev.pgmap.trace.hist;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventField.Shape;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.filter.CNumber;
import dev.pgmap.trace.filter.LineException;
import dev.pgmap.trace.hist.HistSpec.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses the fields of a {@code hist} trigger: names with modifiers, and for values and variables
 * also numbers, {@code $variables} and {@code + - * /}. Follows parse_expr and parse_field.
 */
final class FieldParser {
  private static final int MAX_OPERATORS = 3;
  private static final Pattern ATOM =
      Pattern.compile(
          "\\s*(?:(?<reference>(?:(?<system>\\w+)\\.(?<event>\\w+)\\.)?\\$(?<variable>\\w+))"
              + "|(?<number>\\d\\w*)"
              + "|(?<field>[A-Za-z_]\\w*)"
              + "(?:\\.(?<modifier>sym-offset|[a-z0-9]+)(?:=(?<buckets>\\w+))?)?)\\s*");

  private final EventFormat format;
  private final HistRegistry registry;
  private final List<Variable> variables;
  private final BiFunction<HistProblem, String, LineException> problem;
  private final List<HistReference> references = new ArrayList<>();
  private boolean usesTimestamps;
  private int nrKeys;

  FieldParser(
      EventFormat format,
      HistRegistry registry,
      List<Variable> variables,
      BiFunction<HistProblem, String, LineException> problem) {
    this.format = format;
    this.registry = registry;
    this.variables = variables;
    this.problem = problem;
  }

  /** How many keys a trigger must have whose variables are referred to. */
  void refersFor(int keys) {
    nrKeys = keys;
  }

  List<HistReference> references() {
    return references;
  }

  boolean usesTimestamps() {
    return usesTimestamps;
  }

  HistField key(String text) {
    HistField field = field(text);
    if (!references.isEmpty()) {
      throw problem.apply(HistProblem.INVALID_REF_KEY, text);
    }
    if (!field.modifier().fitsKey() || field.value() instanceof HistValue.Hitcount) {
      throw problem.apply(HistProblem.BAD_FIELD_MODIFIER, text);
    }
    return field;
  }

  HistField value(String text) {
    HistField field = field(text);
    if (!(field.value() instanceof HistValue.Number)) {
      throw problem.apply(HistProblem.INVALID_STR_OPERAND, text);
    }
    if (!field.modifier().fitsValue()) {
      throw problem.apply(HistProblem.BAD_FIELD_MODIFIER, text);
    }
    return field;
  }

  HistField variable(String text) {
    HistField field = value(text);
    if (!field.modifier().fitsVariable()) {
      throw problem.apply(HistProblem.BAD_FIELD_MODIFIER, text);
    }
    return field;
  }

  /** A field that an action keeps. */
  HistValue saved(String text) {
    HistField field = field(text);
    if (field.value() instanceof HistValue.Stack || field.modifier() != HistModifier.NONE) {
      throw problem.apply(HistProblem.INVALID_PARAM, text);
    }
    return field.value();
  }

  private HistField field(String text) {
    Matcher matcher = ATOM.matcher(text);
    HistField first = atom(matcher, text, 0);
    int at = matcher.end();
    if (at == text.length()) {
      return first;
    }
    List<Character> operators = new ArrayList<>();
    List<HistValue.Number> operands = new ArrayList<>(List.of(operand(first, text)));
    while (at < text.length()) {
      char operator = text.charAt(at);
      if ("+-*/".indexOf(operator) < 0) {
        throw problem.apply(HistProblem.FIELD_NOT_FOUND, text);
      }
      operators.add(operator);
      operands.add(operand(atom(matcher, text, at + 1), text));
      at = matcher.end();
    }
    if (operators.size() > MAX_OPERATORS) {
      throw problem.apply(HistProblem.TOO_MANY_SUBEXPR, text);
    }
    fold(operators, operands, "*/", text);
    fold(operators, operands, "+-", text);
    return new HistField(operands.getFirst(), HistModifier.NONE, 0);
  }

  /** Puts the operators of one precedence into operations, from the left. */
  private void fold(
      List<Character> operators, List<HistValue.Number> operands, String which, String text) {
    for (int i = 0; i < operators.size(); ) {
      char operator = operators.get(i);
      if (which.indexOf(operator) < 0) {
        i++;
        continue;
      }
      HistValue.Number right = operands.remove(i + 1);
      if (operator == '/' && right instanceof HistValue.Constant(long zero) && zero == 0) {
        throw problem.apply(HistProblem.DIVISION_BY_ZERO, text);
      }
      operands.set(i, new HistValue.Operation(operator, operands.get(i), right));
      operators.remove(i);
    }
  }

  private HistValue.Number operand(HistField field, String text) {
    if (!(field.value() instanceof HistValue.Number number)) {
      throw problem.apply(HistProblem.INVALID_STR_OPERAND, text);
    }
    if (!field.modifier().fitsVariable()) {
      throw problem.apply(HistProblem.BAD_FIELD_MODIFIER, text);
    }
    return number;
  }

  private HistField atom(Matcher matcher, String text, int at) {
    if (!matcher.region(at, text.length()).lookingAt()) {
      throw problem.apply(HistProblem.FIELD_NOT_FOUND, text);
    }
    if (matcher.group("reference") != null) {
      return plain(reference(matcher, text));
    }
    if (matcher.group("number") != null) {
      Long number = CNumber.parse(matcher.group("number"), false);
      if (number == null) {
        throw problem.apply(HistProblem.FIELD_NOT_FOUND, text);
      }
      return plain(new HistValue.Constant(number));
    }
    return modified(matcher, text);
  }

  private static HistField plain(HistValue value) {
    return new HistField(value, HistModifier.NONE, 0);
  }

  private HistValue.Number reference(Matcher matcher, String text) {
    String name = matcher.group("variable");
    boolean local = matcher.group("system") == null;
    for (int i = 0; local && i < variables.size(); i++) {
      if (variables.get(i).name().equals(name)) {
        return referTo(new HistReference(name, null, i));
      }
    }
    String event = local ? "" : matcher.group("system") + ":" + matcher.group("event");
    List<HistReference> found = registry.variables(event, name, nrKeys);
    if (found.isEmpty()) {
      throw problem.apply(HistProblem.VAR_NOT_FOUND, text);
    }
    if (found.size() > 1) {
      throw problem.apply(HistProblem.VAR_NOT_UNIQUE, text);
    }
    return referTo(found.getFirst());
  }

  private HistValue.Number referTo(HistReference reference) {
    int index = references.indexOf(reference);
    if (index < 0) {
      index = references.size();
      references.add(reference);
    }
    return new HistValue.Reference(reference.name(), index);
  }

  private HistField modified(Matcher matcher, String text) {
    String word = matcher.group("modifier");
    HistModifier modifier = word == null ? HistModifier.NONE : HistModifier.of(word);
    if (modifier == null) {
      throw problem.apply(HistProblem.BAD_FIELD_MODIFIER, text);
    }
    HistValue value = named(matcher.group("field"), modifier, text);
    requireFitting(value, modifier, text);
    return new HistField(value, modifier, buckets(modifier, matcher, text));
  }

  private long buckets(HistModifier modifier, Matcher matcher, String text) {
    String stated = matcher.group("buckets");
    if ((stated != null) != (modifier == HistModifier.BUCKETS)) {
      throw problem.apply(HistProblem.BAD_FIELD_MODIFIER, text);
    }
    Long width = stated == null ? Long.valueOf(0) : CNumber.parse(stated, true);
    if (width == null || stated != null && width < 1) {
      throw problem.apply(HistProblem.BAD_FIELD_MODIFIER, text);
    }
    return width;
  }

  private HistValue named(String name, HistModifier modifier, String text) {
    EventField field = format.field(name);
    if (field != null) {
      return of(field, modifier, text);
    }
    return switch (name) {
      case "hitcount" -> new HistValue.Hitcount();
      case "common_timestamp" -> {
        usesTimestamps = true;
        yield new HistValue.Timestamp(modifier == HistModifier.USECS);
      }
      case "common_cpu", "cpu" -> new HistValue.Cpu();
      case "common_comm" -> new HistValue.Comm();
      case "stacktrace", "common_stacktrace" -> new HistValue.Stack();
      default -> throw problem.apply(HistProblem.FIELD_NOT_FOUND, text);
    };
  }

  private HistValue of(EventField field, HistModifier modifier, String text) {
    if (field.shape() == Shape.NUMBER) {
      return new HistValue.Field(field);
    }
    if (field.shape().isText()) {
      return new HistValue.Text(field);
    }
    if (modifier != HistModifier.STACKTRACE) {
      throw problem.apply(HistProblem.BAD_FIELD_MODIFIER, text);
    }
    return new HistValue.StackField(field);
  }

  private void requireFitting(HistValue value, HistModifier modifier, String text) {
    boolean fits =
        switch (modifier) {
          case NONE -> true;
          case USECS -> value instanceof HistValue.Timestamp;
          case EXECNAME -> value.text().equals("common_pid");
          case STACKTRACE -> value instanceof HistValue.StackField;
          default -> value instanceof HistValue.Number;
        };
    if (!fits) {
      throw problem.apply(HistProblem.BAD_FIELD_MODIFIER, text);
    }
  }
}
