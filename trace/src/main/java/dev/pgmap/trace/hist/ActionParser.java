package dev.pgmap.trace.hist;

import dev.pgmap.trace.filter.LineException;
import dev.pgmap.trace.hist.HistSpec.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses {@code onmax($x).save(f,…)} and the like. {@code onmatch} and {@code trace()} are refused:
 * they make events, and there are no synthetic events here.
 */
final class ActionParser {
  private static final Pattern ACTION =
      Pattern.compile("(?<handler>\\w+)\\((?<of>[^()]*)\\)\\.(?<action>\\w+)\\((?<with>[^()]*)\\)");

  private final FieldParser fields;
  private final List<Variable> variables;
  private final BiFunction<HistProblem, String, LineException> problem;

  ActionParser(
      FieldParser fields,
      List<Variable> variables,
      BiFunction<HistProblem, String, LineException> problem) {
    this.fields = fields;
    this.variables = variables;
    this.problem = problem;
  }

  HistAction parse(String text) {
    Matcher matcher = ACTION.matcher(text);
    if (!matcher.matches()) {
      boolean open = text.indexOf(')') < 0 || !text.endsWith(")");
      throw problem.apply(open ? HistProblem.NO_CLOSING_PAREN : HistProblem.ACTION_NOT_FOUND, text);
    }
    HistAction.Handler handler =
        switch (matcher.group("handler")) {
          case "onmax" -> HistAction.Handler.ONMAX;
          case "onchange" -> HistAction.Handler.ONCHANGE;
          case "onmatch" -> throw problem.apply(HistProblem.NOT_SUPPORTED, text);
          default -> throw problem.apply(HistProblem.ACTION_NOT_FOUND, text);
        };
    int variable = variable(matcher.group("of").strip(), text);
    String name = variables.get(variable).name();
    return new HistAction(handler, variable, name, saved(matcher, text));
  }

  private int variable(String reference, String text) {
    if (!reference.startsWith("$")) {
      throw problem.apply(HistProblem.ONX_NOT_VAR, text);
    }
    for (int i = 0; i < variables.size(); i++) {
      if (variables.get(i).name().equals(reference.substring(1))) {
        return i;
      }
    }
    throw problem.apply(HistProblem.ONX_VAR_NOT_FOUND, text);
  }

  private List<HistValue> saved(Matcher matcher, String text) {
    String with = matcher.group("with").strip();
    switch (matcher.group("action")) {
      case "snapshot" -> {
        if (!with.isEmpty()) {
          throw problem.apply(HistProblem.INVALID_PARAM, text);
        }
        return List.of();
      }
      case "save" -> {
        if (with.isEmpty()) {
          throw problem.apply(HistProblem.NO_SAVE_PARAMS, text);
        }
      }
      case "trace" -> throw problem.apply(HistProblem.NOT_SUPPORTED, text);
      default -> throw problem.apply(HistProblem.ACTION_MISMATCH, text);
    }
    List<HistValue> saved = new ArrayList<>();
    for (String field : with.split(",", -1)) {
      saved.add(fields.saved(field.strip()));
    }
    return saved;
  }
}
