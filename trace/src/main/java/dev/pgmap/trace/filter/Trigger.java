package dev.pgmap.trace.filter;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A line written to {@code events/SYSTEM/EVENT/trigger}.
 *
 * <pre>{@code
 * line    := ['!'] command [' if ' filter]
 * command := ('traceon' | 'traceoff' | 'snapshot' | 'stacktrace') [':' count]
 *          | ('enable_event' | 'disable_event' | 'enable_hist' | 'disable_hist')
 *            ':' system ':' event [':' count]
 *          | 'hist:' parameters
 * }</pre>
 *
 * @param command what is to be done
 * @param removes whether the line takes a trigger away: it begins with {@code !}
 * @param system of the event that the command names; empty if it names none
 * @param event that the command names; empty if it names none
 * @param count how often it fires; {@link #UNLIMITED} unless the line says
 * @param parameters of {@code hist}; empty otherwise
 * @param filter the text after {@code if}; empty for all events
 * @param line the whole line
 */
public record Trigger(
    TriggerCommand command,
    boolean removes,
    String system,
    String event,
    long count,
    String parameters,
    String filter,
    String line) {

  /** A count of a trigger that fires for ever. */
  public static final long UNLIMITED = -1;

  /** What the {@code trigger} file of an event without triggers shows. */
  public static final String NONE =
      Arrays.stream(TriggerCommand.values())
          .map(TriggerCommand::word)
          .collect(Collectors.joining(" ", "# Available triggers:\n# ", "\n"));

  /**
   * The trigger that a line states; parameters of {@code hist} and the filter are not looked at.
   *
   * @throws LineException if the line is not the grammar's
   */
  public static Trigger parse(String line) {
    return new TriggerParser(line).parse();
  }

  /** Whether another trigger of the same event is of this kind: an event has one of each. */
  public boolean isSameKind(Trigger other) {
    return command == other.command && system.equals(other.system) && event.equals(other.event);
  }

  /**
   * The line of the {@code trigger} file.
   *
   * @param left how often it will fire still, or {@link #UNLIMITED}
   */
  public String show(long left) {
    return command.word()
        + (command.namesEvent() ? ":" + system + ":" + event : "")
        + (left == UNLIMITED ? ":unlimited" : ":count=" + left)
        + (filter.isEmpty() ? "" : " if " + filter);
  }
}
