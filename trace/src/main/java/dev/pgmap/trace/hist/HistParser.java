package dev.pgmap.trace.hist;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.filter.CNumber;
import dev.pgmap.trace.filter.EventFilter;
import dev.pgmap.trace.filter.LineException;
import dev.pgmap.trace.filter.Trigger;
import dev.pgmap.trace.hist.HistSpec.Control;
import dev.pgmap.trace.hist.HistSpec.SortKey;
import dev.pgmap.trace.hist.HistSpec.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses the parameters of a {@code hist} trigger against the format of its event.
 *
 * <pre>{@code
 * hist:keys=f1[,f2[,f3]][:vals=f1[,…]][:name=field[,…]][:sort=f1[.descending][,f2]][:size=n]
 *     [:pause|:continue|:clear][:name=N][:nohitcount][:clock=C]
 *     [:onmax($x).save(f,…)|snapshot()][:onchange($x).…]
 * }</pre>
 *
 * Follows parse_hist_trigger_attrs.
 */
final class HistParser {
  private static final int DEFAULT_ENTRIES = 2048;
  private static final int MIN_ENTRIES = 1 << 7;
  private static final int MAX_ENTRIES = 1 << 17;
  private static final int MAX_KEYS = 3;
  private static final int MAX_VALUES = 8;
  private static final int MAX_SORT_KEYS = 2;
  private static final Set<String> KEYS = Set.of("key", "keys");
  private static final Set<String> VALUES = Set.of("val", "vals", "values");

  private final Trigger trigger;
  private final EventFormat format;
  private final Symbols symbols;
  private final FieldParser fields;

  private String keysText = "";
  private String valuesText = "";
  private String sortText = "";
  private String name = "";
  private String clock = "";
  private int entries = DEFAULT_ENTRIES;
  private boolean noHitcount;
  private Control control = Control.NONE;
  private final List<String> assignments = new ArrayList<>();
  private final List<String> actionTexts = new ArrayList<>();
  private final List<Variable> variables = new ArrayList<>();

  private HistParser(Trigger trigger, EventFormat format, Symbols symbols, HistRegistry registry) {
    this.trigger = trigger;
    this.format = format;
    this.symbols = symbols;
    this.fields = new FieldParser(format, registry, variables, this::problem);
  }

  /**
   * What a trigger's line asks for.
   *
   * @throws LineException if it is not the grammar's, or names what the event does not have
   */
  static HistSpec parse(
      Trigger trigger, EventFormat format, Symbols symbols, HistRegistry registry) {
    return new HistParser(trigger, format, symbols, registry).parse();
  }

  private HistSpec parse() {
    for (String parameter : trigger.parameters().split(":", -1)) {
      parameter(parameter.strip());
    }
    List<HistField> keys = keys();
    fields.refersFor(keys.size());
    assignments.forEach(this::variable);
    List<HistField> values = values();
    List<HistAction> actions = actions();
    return new HistSpec(
        keys,
        values,
        variables,
        fields.references(),
        sort(keys, values),
        entries,
        name,
        noHitcount,
        fields.usesTimestamps() && clock.isEmpty() ? "global" : clock,
        actions,
        filter(),
        control);
  }

  private @Nullable EventFilter filter() {
    return trigger.filter().isEmpty() ? null : EventFilter.parse(trigger.filter(), format, symbols);
  }

  private void parameter(String text) {
    int equals = text.indexOf('=');
    if (text.startsWith("on") && text.indexOf('(') > 0) {
      actionTexts.add(text);
    } else if (equals < 0) {
      flag(text);
    } else if (equals == text.length() - 1) {
      throw problem(HistProblem.EMPTY_ASSIGNMENT, text);
    } else {
      assignment(text.substring(0, equals), text.substring(equals + 1), text);
    }
  }

  private void flag(String word) {
    switch (word) {
      case "pause" -> control = Control.PAUSE;
      case "cont", "continue" -> control = Control.CONTINUE;
      case "clear" -> control = Control.CLEAR;
      case "nohitcount", "NOHC" -> noHitcount = true;
      default -> throw problem(HistProblem.UNKNOWN_PARAMETER, word);
    }
  }

  private void assignment(String key, String value, String text) {
    if (KEYS.contains(key)) {
      keysText = value;
    } else if (VALUES.contains(key)) {
      valuesText = value;
    } else {
      switch (key) {
        case "sort" -> sortText = value;
        case "name" -> name = value;
        case "clock" -> clock = value;
        case "size" -> entries = size(value);
        default -> assignments.addAll(List.of(text.split(",", -1)));
      }
    }
  }

  private int size(String digits) {
    Long stated = CNumber.parse(digits, false);
    if (stated == null || stated < 1 || stated > MAX_ENTRIES) {
      throw problem(HistProblem.BAD_SIZE, digits);
    }
    int rounded = Integer.highestOneBit((int) Math.max(stated * 2 - 1, 1));
    if (rounded < MIN_ENTRIES) {
      throw problem(HistProblem.BAD_SIZE, digits);
    }
    return rounded;
  }

  private List<HistField> keys() {
    if (keysText.isEmpty()) {
      throw problem(HistProblem.MISSING_KEYS, trigger.parameters());
    }
    List<HistField> keys = new ArrayList<>();
    for (String text : keysText.split(",", -1)) {
      if (keys.size() == MAX_KEYS) {
        throw problem(HistProblem.TOO_MANY_KEYS, text);
      }
      keys.add(fields.key(text.strip()));
    }
    return keys;
  }

  private List<HistField> values() {
    List<HistField> values = new ArrayList<>();
    boolean rawHits = false;
    for (String part : valuesText.isEmpty() ? new String[0] : valuesText.split(",", -1)) {
      String text = part.strip();
      if (text.equals("hitcount") && !rawHits) {
        rawHits = true;
      } else if (values.size() == MAX_VALUES) {
        throw problem(HistProblem.TOO_MANY_VALS, text);
      } else {
        values.add(fields.value(text));
      }
    }
    if (noHitcount && values.isEmpty()) {
      throw problem(HistProblem.NEED_NOHC_VAL, "");
    }
    return values;
  }

  private void variable(String assignment) {
    int equals = assignment.indexOf('=');
    String variable = equals < 0 ? "" : assignment.substring(0, equals).strip();
    if (!variable.matches("[A-Za-z_]\\w{0,63}")) {
      throw problem(HistProblem.MALFORMED_ASSIGNMENT, assignment);
    }
    if (variables.stream().anyMatch(other -> other.name().equals(variable))) {
      throw problem(HistProblem.DUPLICATE_VAR, variable);
    }
    variables.add(
        new Variable(variable, fields.variable(assignment.substring(equals + 1).strip())));
  }

  private List<HistAction> actions() {
    List<HistAction> actions = new ArrayList<>();
    ActionParser parser = new ActionParser(fields, variables, this::problem);
    for (String text : actionTexts) {
      HistAction action = parser.parse(text);
      if (!action.isSnapshot() && actions.stream().anyMatch(other -> !other.isSnapshot())) {
        throw problem(HistProblem.TOO_MANY_SAVE_ACTIONS, text);
      }
      actions.add(action);
    }
    return actions;
  }

  private List<SortKey> sort(List<HistField> keys, List<HistField> values) {
    if (sortText.isEmpty()) {
      return List.of(new SortKey(SortKey.HITS, false));
    }
    List<HistField> all = new ArrayList<>(keys);
    all.addAll(values);
    List<SortKey> sort = new ArrayList<>();
    for (String part : sortText.split(",", -1)) {
      if (sort.size() == MAX_SORT_KEYS) {
        throw problem(HistProblem.TOO_MANY_SORT_FIELDS, part);
      }
      sort.add(sortKey(part.strip(), all));
    }
    return sort;
  }

  private SortKey sortKey(String text, List<HistField> all) {
    int dot = text.indexOf('.');
    String field = dot < 0 ? text : text.substring(0, dot);
    String order = dot < 0 ? "ascending" : text.substring(dot + 1);
    if (field.isEmpty()) {
      throw problem(HistProblem.EMPTY_SORT_FIELD, text);
    }
    if (!order.equals("ascending") && !order.equals("descending")) {
      throw problem(HistProblem.INVALID_SORT_MODIFIER, text);
    }
    return new SortKey(sortIndex(field, all), order.equals("descending"));
  }

  private int sortIndex(String field, List<HistField> all) {
    if (field.equals("hitcount")) {
      return SortKey.HITS;
    }
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).value().text().equals(field)) {
        return i;
      }
    }
    throw problem(HistProblem.INVALID_SORT_FIELD, field);
  }

  private LineException problem(HistProblem problem, String token) {
    return problem.at(
        format.fullName(), trigger.line(), Math.max(0, trigger.line().indexOf(token)));
  }
}
