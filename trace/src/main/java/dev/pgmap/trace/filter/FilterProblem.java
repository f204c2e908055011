package dev.pgmap.trace.filter;

/** What can be wrong with a filter, in the kernel's words (trace_events_filter.c). */
enum FilterProblem {
  INVALID_OP("Invalid operator", "one of == != ~ <= < >= > &"),
  TOO_MANY_OPEN("Too many '('", "a ')' for each '('"),
  TOO_MANY_CLOSE("Too few '('", "a '(' for each ')'"),
  MISSING_QUOTE("Missing matching quote", "a closing quote"),
  MISSING_BRACE_OPEN("Missing '{'", "CPUS{1-3}"),
  MISSING_BRACE_CLOSE("Missing '}'", "CPUS{1-3}"),
  OPERAND_TOO_LONG("Operand too long", "at most 23 digits or 255 characters"),
  EXPECT_STRING("Expecting string field", "a text in quotes"),
  EXPECT_DIGIT("Expecting numeric field", "a number"),
  ILLEGAL_FIELD_OP("Illegal operation for field type", "an operation that the field allows"),
  FIELD_NOT_FOUND("Field not found", "a field of the event's format"),
  ILLEGAL_INTVAL("Illegal integer value", "a number such as 10, -1 or 0x1f"),
  TOO_MANY_PREDS("Too many terms in predicate expression", "&& or || between terms"),
  INVALID_CPULIST("Invalid cpulist", "cpus such as 0,2-3"),
  INVALID_VALUE("Invalid value (did you forget quotes)?", "a number, or a text in quotes"),
  NO_FUNCTION("Function not found", "a function of the symbol table"),
  ERRNO("Error", "terms such as pfn == 0x70200");

  private final String text;
  private final String expected;

  FilterProblem(String text, String expected) {
    this.text = text;
    this.expected = expected;
  }

  LineException at(String line, int position) {
    return new LineException("event filter parse error", text, line, position, expected);
  }
}
