package dev.pgmap.trace.filter;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventField.Shape;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.Symbols;
import java.util.BitSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses one {@code field operator value}. Follows parse_pred, also in where it puts the caret: it
 * counts from one behind the start of the term.
 */
final class TermParser {
  private static final int MAX_TEXT_CHARS = 255;
  private static final int MAX_NUMBER_CHARS = 23;
  private static final Set<String> CPU_NAMES = Set.of("cpu", "CPU", "common_cpu");
  private static final Set<String> COMM_NAMES = Set.of("comm", "COMM", "common_comm");

  private final String line;
  private final EventFormat format;
  private final Symbols symbols;
  private int at;

  TermParser(String line, EventFormat format, Symbols symbols) {
    this.line = line;
    this.format = format;
    this.symbols = symbols;
  }

  /** Where the term that was parsed last ends. */
  int end() {
    return at;
  }

  Term parse(int start) {
    at = start;
    String name = word();
    if (name.isEmpty()) {
      throw FilterProblem.ERRNO.at(line, start);
    }
    EventField field = format.field(name);
    boolean cpu = field == null && CPU_NAMES.contains(name);
    boolean comm = field == null && COMM_NAMES.contains(name);
    if (field == null && !cpu && !comm) {
      throw problem(FilterProblem.FIELD_NOT_FOUND);
    }
    boolean function = suffix(".function");
    if (suffix(".ustring")) {
      throw problem(FilterProblem.ILLEGAL_FIELD_OP);
    }
    Comparison comparison = comparison();
    if (function) {
      return function(field, comparison);
    }
    return value(new Subject(field, cpu, comm), comparison);
  }

  /** What a term is about; without a field it is the cpu or the task's name. */
  private record Subject(@Nullable EventField field, boolean cpu, boolean comm) {
    boolean isText() {
      return comm || field != null && field.shape().isText();
    }
  }

  private Term value(Subject subject, Comparison comparison) {
    char c = at < line.length() ? line.charAt(at) : 0;
    if (line.startsWith("CPUS", at)) {
      return cpus(subject, comparison);
    }
    if (c == '\'' || c == '"') {
      return text(subject, comparison);
    }
    if (c == '-' || c >= '0' && c <= '9') {
      return number(subject, comparison);
    }
    throw problem(FilterProblem.INVALID_VALUE);
  }

  private Comparison comparison() {
    skipBlanks();
    Comparison comparison = Comparison.at(line, at);
    if (comparison == null) {
      throw problem(FilterProblem.INVALID_OP);
    }
    at += comparison.length();
    skipBlanks();
    return comparison;
  }

  private Term text(Subject subject, Comparison comparison) {
    if (comparison.compareTo(Comparison.GLOB) > 0) {
      throw problem(FilterProblem.ILLEGAL_FIELD_OP);
    }
    if (!subject.isText()) {
      throw problem(FilterProblem.EXPECT_DIGIT);
    }
    int end = line.indexOf(line.charAt(at), at + 1);
    String operand = line.substring(at + 1, end);
    at = end + 1;
    if (operand.length() > MAX_TEXT_CHARS) {
      throw problem(FilterProblem.OPERAND_TOO_LONG);
    }
    TextTest test = TextTest.of(comparison, operand);
    return subject.field() == null
        ? new SpecialTerms.Comm(pid(), test)
        : new TextTerm(subject.field(), test);
  }

  private EventField pid() {
    EventField pid = format.field("common_pid");
    if (pid == null) {
      throw problem(FilterProblem.FIELD_NOT_FOUND);
    }
    return pid;
  }

  private Term number(Subject subject, Comparison comparison) {
    if (subject.isText()) {
      throw problem(FilterProblem.EXPECT_STRING);
    }
    if (comparison == Comparison.GLOB) {
      throw problem(FilterProblem.ILLEGAL_FIELD_OP);
    }
    EventField field = subject.field();
    if (field == null) {
      return new SpecialTerms.Cpu(comparison, integer(true));
    }
    requireNumber(field);
    return NumberTerm.of(field, comparison, integer(field.signed()));
  }

  private void requireNumber(EventField field) {
    if (field.shape() != Shape.NUMBER) {
      throw problem(FilterProblem.ILLEGAL_FIELD_OP);
    }
  }

  private long integer(boolean signed) {
    int start = at;
    at += line.charAt(at) == '-' ? 1 : 0;
    word();
    String digits = line.substring(start, at);
    if (digits.length() > MAX_NUMBER_CHARS) {
      throw problem(FilterProblem.OPERAND_TOO_LONG);
    }
    Long value = CNumber.parse(digits, signed);
    if (value == null) {
      throw FilterProblem.ILLEGAL_INTVAL.at(line, start + 1);
    }
    return value;
  }

  private Term cpus(Subject subject, Comparison comparison) {
    if (subject.isText()
        || comparison != Comparison.EQ
            && comparison != Comparison.NE
            && comparison != Comparison.BAND) {
      throw problem(FilterProblem.ILLEGAL_FIELD_OP);
    }
    at += "CPUS".length();
    if (!line.startsWith("{", at)) {
      throw problem(FilterProblem.MISSING_BRACE_OPEN);
    }
    int close = line.indexOf('}', at);
    if (close < 0) {
      throw problem(FilterProblem.MISSING_BRACE_CLOSE);
    }
    BitSet cpus = CpuList.parse(line.substring(at + 1, close));
    at = close;
    if (cpus == null) {
      throw problem(FilterProblem.INVALID_CPULIST);
    }
    at++;
    return inCpus(subject.field(), comparison, cpus);
  }

  /** One cpu is a number; several are never equal to one. */
  private Term inCpus(@Nullable EventField field, Comparison comparison, BitSet cpus) {
    if (field != null) {
      requireNumber(field);
    }
    if (cpus.cardinality() == 1) {
      Comparison single = comparison == Comparison.BAND ? Comparison.EQ : comparison;
      int cpu = cpus.nextSetBit(0);
      return field == null ? new SpecialTerms.Cpu(single, cpu) : NumberTerm.of(field, single, cpu);
    }
    if (comparison != Comparison.BAND) {
      return new SpecialTerms.Constant(comparison == Comparison.NE);
    }
    return field == null ? new SpecialTerms.CpuIn(cpus) : new SpecialTerms.NumberIn(field, cpus);
  }

  private Term function(@Nullable EventField field, Comparison comparison) {
    if (field == null || field.shape() != Shape.NUMBER || field.bytes() != Long.BYTES) {
      throw problem(FilterProblem.ILLEGAL_FIELD_OP);
    }
    if (comparison != Comparison.EQ && comparison != Comparison.NE) {
      throw problem(FilterProblem.INVALID_OP);
    }
    int start = at;
    while (at < line.length() && " \t)&|".indexOf(line.charAt(at)) < 0) {
      at++;
    }
    long address = address(line.substring(start, at));
    long first = address - symbols.offsetOf(address);
    return new SpecialTerms.Function(
        field, first, Math.max(symbols.bytesOf(address), 1), comparison == Comparison.EQ);
  }

  private long address(String name) {
    Long address = name.matches("\\d.*") ? CNumber.parse(name, false) : symbols.addressOf(name);
    if (address == null || symbols.nameOf(address) == null) {
      throw problem(FilterProblem.NO_FUNCTION);
    }
    return address;
  }

  private String word() {
    int start = at;
    while (at < line.length()
        && (Character.isLetterOrDigit(line.charAt(at)) || line.charAt(at) == '_')) {
      at++;
    }
    return line.substring(start, at);
  }

  private boolean suffix(String suffix) {
    boolean here = line.startsWith(suffix, at);
    at += here ? suffix.length() : 0;
    return here;
  }

  private void skipBlanks() {
    while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
      at++;
    }
  }

  private LineException problem(FilterProblem problem) {
    return problem.at(line, at + 1);
  }
}
