package dev.pgmap.trace.hist;

import dev.pgmap.trace.filter.LineException;

/** What can be wrong with a histogram trigger, in the kernel's words (trace_events_hist.c). */
enum HistProblem {
  DUPLICATE_VAR("Variable already defined", "each name once"),
  VAR_NOT_UNIQUE(
      "Variable name not unique, need to use fully qualified name (subsys.event.var) for variable",
      "$SYSTEM.EVENT.NAME"),
  MALFORMED_ASSIGNMENT("Malformed assignment", "NAME=VALUE"),
  NAMED_MISMATCH(
      "Named hist trigger doesn't match existing named trigger (includes variables)",
      "the keys, values and sort keys of the first one of that name"),
  TRIGGER_EEXIST("Hist trigger already exists", "other keys, values or another filter"),
  TRIGGER_ENOENT_CLEAR(
      "Can't clear or continue a nonexistent hist trigger", "the line that made it"),
  BAD_FIELD_MODIFIER("Invalid field modifier", "a modifier that the field and its use allow"),
  TOO_MANY_SUBEXPR("Too many subexpressions (3 max)", "at most three operators"),
  ONX_VAR_NOT_FOUND(
      "Couldn't find onmax or onchange variable", "a variable that this trigger defines"),
  ONX_NOT_VAR("For onmax(x) or onchange(x), x must be a variable", "$NAME"),
  INVALID_PARAM("Invalid action param", "fields of this event"),
  ACTION_NOT_FOUND("No action found", "one of save() snapshot()"),
  NO_SAVE_PARAMS("No params found for save()", "save(FIELD,...)"),
  TOO_MANY_SAVE_ACTIONS("Can't have more than one save() action per hist", "one save()"),
  ACTION_MISMATCH("Handler doesn't support action", "onmax and onchange with save() or snapshot()"),
  NO_CLOSING_PAREN("No closing paren found", "a ')'"),
  INVALID_REF_KEY("Using variable references in keys not supported", "fields as keys"),
  VAR_NOT_FOUND("Couldn't find variable", "a variable that an earlier trigger defines"),
  FIELD_NOT_FOUND("Couldn't find field", "a field of the event's format"),
  EMPTY_ASSIGNMENT("Empty assignment", "NAME=VALUE"),
  INVALID_SORT_MODIFIER("Invalid sort modifier", "ascending or descending"),
  EMPTY_SORT_FIELD("Empty sort field", "sort=FIELD"),
  TOO_MANY_SORT_FIELDS("Too many sort fields (Max = 2)", "at most two"),
  INVALID_SORT_FIELD("Sort field must be a key or a val", "hitcount, a key or a value"),
  INVALID_STR_OPERAND("String type can not be an operand in expression", "numbers"),
  DIVISION_BY_ZERO("Division by zero", "a divisor that is not 0"),
  NEED_NOHC_VAL("Non-hitcount value is required for 'nohitcount'", "vals=FIELD"),
  MISSING_KEYS("Missing keys", "keys=FIELD"),
  TOO_MANY_KEYS("Too many keys (Max = 3)", "at most three"),
  TOO_MANY_VALS("Too many values (Max = 8)", "at most eight"),
  BAD_SIZE("Illegal size", "a number from 128 to 131072"),
  STILL_REFERRED("Variables of this hist trigger are in use", "removal of what refers to it first"),
  NOT_SUPPORTED("Not supported", "onmax and onchange with save() or snapshot()"),
  UNKNOWN_PARAMETER(
      "Unknown parameter", "keys vals sort size pause continue clear name nohitcount");

  private final String text;
  private final String expected;

  HistProblem(String text, String expected) {
    this.text = text;
    this.expected = expected;
  }

  /**
   * The exception.
   *
   * @param event such as {@code page_ref:page_ref_mod}
   * @param line the whole line, {@code hist:} first
   * @param position of the caret, from 0
   */
  LineException at(String event, String line, int position) {
    return new LineException("hist:" + event, text, line, position, expected);
  }
}
