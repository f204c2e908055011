package dev.pgmap.trace.filter;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceEvent;

/**
 * A filter as it is written to {@code events/SYSTEM/EVENT/filter}.
 *
 * <pre>{@code
 * filter := term (('&&' | '||') term)*          '&&' binds tighter; '!' and parentheses
 * term   := field ('==' '!=' '<' '<=' '>' '>=' '&') number
 *         | field ('==' '!=' '~') 'text'        '~' takes * ? [a-z]
 *         | field ('==' '!=' '&') CPUS{0,2-3}
 *         | field.function ('==' '!=') name
 * }</pre>
 *
 * <p>Besides the event's own and the common fields there are {@code cpu} (also {@code CPU}, {@code
 * common_cpu}) and {@code comm} ({@code COMM}, {@code common_comm}). Numbers compare in the width
 * and with the sign of the field. {@code .ustring} is refused: no recording holds the text that a
 * user's pointer meant.
 */
public final class EventFilter {
  /** What the {@code filter} file of an event without a filter shows. */
  public static final String NONE = "none";

  private final String text;
  private final EventFormat format;
  private final Term term;

  private EventFilter(String text, EventFormat format, Term term) {
    this.text = text;
    this.format = format;
    this.term = term;
  }

  /** Whether a line written to the {@code filter} file takes the filter away. */
  public static boolean isClear(String line) {
    return line.strip().equals("0");
  }

  /**
   * The filter that a line states.
   *
   * @param symbols the functions that {@code .function} may name
   * @throws LineException if the line is not the grammar's, or names what the format does not have
   */
  public static EventFilter parse(String line, EventFormat format, Symbols symbols) {
    String text = line.strip();
    return new EventFilter(text, format, FilterParser.parse(text, format, symbols));
  }

  /** The text, as the {@code filter} file shows it. */
  public String text() {
    return text;
  }

  /** The format whose events it is for. */
  public EventFormat format() {
    return format;
  }

  /**
   * Whether an event passes.
   *
   * @param event of {@link #format}
   */
  public boolean matches(TraceEvent event) {
    return term.matches(event);
  }

  /** The same for records in memory in this machine's byte order. */
  public RecordPredicate onRecords(RecordContext context) {
    return term.onRecords(context);
  }

  @Override
  public String toString() {
    return text;
  }
}
