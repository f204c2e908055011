package dev.pgmap.trace.hist;

import dev.pgmap.trace.filter.EventFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a histogram trigger asks for.
 *
 * @param keys one to three fields by which events are told apart
 * @param values what is summed besides the hits
 * @param variables what is remembered of the latest event of a key
 * @param references variables whose values the fields refer to
 * @param sort by what entries are ordered
 * @param entries how many keys are counted at most
 * @param name shared by triggers that count into one histogram; empty for one of its own
 * @param noHitcount whether hits are left out of the text
 * @param clock as stated; empty if the line states none
 * @param actions what is done when a variable grows or changes
 * @param filter which events count; null for all
 * @param control what becomes of an existing histogram
 */
record HistSpec(
    List<HistField> keys,
    List<HistField> values,
    List<Variable> variables,
    List<HistReference> references,
    List<SortKey> sort,
    int entries,
    String name,
    boolean noHitcount,
    String clock,
    List<HistAction> actions,
    @Nullable EventFilter filter,
    Control control) {

  /** What becomes of an existing histogram of the same keys. */
  enum Control {
    NONE,
    PAUSE,
    CONTINUE,
    CLEAR
  }

  /** {@code name=field}. */
  record Variable(String name, HistField field) {}

  /**
   * A key to sort by.
   *
   * @param index -1 for the hits, else of the field: keys first, then values
   */
  record SortKey(int index, boolean descending) {
    static final int HITS = -1;
  }

  HistSpec {
    keys = List.copyOf(keys);
    values = List.copyOf(values);
    variables = List.copyOf(variables);
    references = List.copyOf(references);
    sort = List.copyOf(sort);
    actions = List.copyOf(actions);
  }

  /** Whether events must come with their stacks. */
  boolean needsStack() {
    return keys.stream().anyMatch(key -> key.value() instanceof HistValue.Stack);
  }

  /** Whether entries note the name of a task. */
  boolean notesComm() {
    return keys.stream().anyMatch(key -> key.modifier() == HistModifier.EXECNAME);
  }

  /** Whether a histogram of another event can be shared: the same fields by name. */
  boolean matches(HistSpec other) {
    return keysText().equals(other.keysText())
        && valuesText().equals(other.valuesText())
        && variablesText().equals(other.variablesText())
        && sortText().equals(other.sortText());
  }

  /** Whether another line means the same trigger of the same event. */
  boolean isSameTrigger(HistSpec other) {
    return matches(other) && name.equals(other.name) && filterText().equals(other.filterText());
  }

  /** The trigger as its {@code trigger} and {@code hist} files show it, without its state. */
  String text() {
    return "hist:"
        + (name.isEmpty() ? "" : name + ":")
        + "keys="
        + keysText()
        + ":vals="
        + valuesText()
        + (variables.isEmpty() ? "" : ":" + variablesText())
        + ":sort="
        + sortText()
        + ":size="
        + entries
        + (clock.isEmpty() ? "" : ":clock=" + clock)
        + (noHitcount ? ":nohitcount" : "")
        + actions.stream().map(HistAction::text).collect(Collectors.joining())
        + filterText();
  }

  private String keysText() {
    return keys.stream().map(HistField::text).collect(Collectors.joining(","));
  }

  private String valuesText() {
    List<String> all = new ArrayList<>();
    if (!noHitcount) {
      all.add("hitcount");
    }
    values.forEach(value -> all.add(value.text()));
    return String.join(",", all);
  }

  private String variablesText() {
    return variables.stream()
        .map(variable -> variable.name() + "=" + variable.field().text())
        .collect(Collectors.joining(","));
  }

  private String sortText() {
    return sort.stream()
        .map(key -> sorted(key.index()) + (key.descending() ? ".descending" : ""))
        .collect(Collectors.joining(","));
  }

  private String sorted(int index) {
    return index == SortKey.HITS ? "hitcount" : field(index).text();
  }

  /** A field by the index of a sort key. */
  HistField field(int index) {
    return index < keys.size() ? keys.get(index) : values.get(index - keys.size());
  }

  private String filterText() {
    return filter == null ? "" : " if " + filter.text();
  }
}
