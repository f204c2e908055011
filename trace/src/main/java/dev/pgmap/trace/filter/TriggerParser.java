package dev.pgmap.trace.filter;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses a line of a {@code trigger} file. Follows event_trigger_separate_filter. */
final class TriggerParser {
  private static final Pattern IF = Pattern.compile("(?<=[ \\t])if(?=[ \\t])");

  private final String line;
  private final String text;
  private int filterAt;

  TriggerParser(String line) {
    this.line = line.strip();
    this.text = this.line.startsWith("!") ? this.line.substring(1) : this.line;
  }

  Trigger parse() {
    if (line.length() > FilterParser.MAX_CHARS) {
      throw problem(
          "Trigger too long", 0, "at most %d characters".formatted(FilterParser.MAX_CHARS));
    }
    int end = 0;
    while (end < text.length() && ": \t".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    TriggerCommand command = TriggerCommand.of(text.substring(0, end));
    if (command == null) {
      throw problem("Unknown trigger", 0, "one of" + Trigger.NONE.split("#")[2].stripTrailing());
    }
    String filter = filter();
    String arguments = text.substring(Math.min(end + 1, filterAt), filterAt).strip();
    return command == TriggerCommand.HIST
        ? hist(arguments, filter)
        : plain(command, arguments, filter);
  }

  /** What follows {@code if}; {@link #filterAt} is where the part before it ends. */
  private String filter() {
    Matcher matcher = IF.matcher(text);
    if (!matcher.find()) {
      filterAt = text.length();
      return "";
    }
    filterAt = matcher.start();
    String filter = text.substring(matcher.end()).strip();
    if (filter.isEmpty()) {
      throw problem("Missing filter", matcher.end(), "a filter after 'if'");
    }
    return filter;
  }

  private Trigger hist(String parameters, String filter) {
    if (parameters.isEmpty()) {
      throw problem("Missing keys", filterAt, "hist:keys=FIELD");
    }
    return trigger(TriggerCommand.HIST, "", "", Trigger.UNLIMITED, parameters, filter);
  }

  private Trigger plain(TriggerCommand command, String arguments, String filter) {
    Deque<String> parts = new ArrayDeque<>();
    if (!arguments.isEmpty()) {
      parts.addAll(List.of(arguments.split(":", -1)));
    }
    String system = "";
    String event = "";
    if (command.namesEvent()) {
      if (parts.size() < 2 || parts.peekFirst().isBlank()) {
        throw problem(
            "Missing event", filterAt, "%s:SYSTEM:EVENT[:COUNT]".formatted(command.word()));
      }
      system = parts.removeFirst();
      event = parts.removeFirst();
    }
    long count = parts.isEmpty() ? Trigger.UNLIMITED : count(parts.removeFirst());
    if (!parts.isEmpty()) {
      throw problem("Too many arguments", filterAt, "at most one count");
    }
    return trigger(command, system, event, count, "", filter);
  }

  private long count(String digits) {
    Long count = CNumber.parse(digits.strip(), true);
    if (count == null || count < 0) {
      throw problem("Illegal count", text.indexOf(digits), "a number such as 5");
    }
    return count;
  }

  private Trigger trigger(
      TriggerCommand command,
      String system,
      String event,
      long count,
      String parameters,
      String filter) {
    return new Trigger(command, !text.equals(line), system, event, count, parameters, filter, line);
  }

  private LineException problem(String problem, int position, String expected) {
    int at = position + line.length() - text.length();
    return new LineException("event trigger parse error", problem, line, at, expected);
  }
}
