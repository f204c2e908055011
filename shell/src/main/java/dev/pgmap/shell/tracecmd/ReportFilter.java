package dev.pgmap.shell.tracecmd;

import dev.pgmap.shell.session.CommandException;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.filter.EventFilter;
import dev.pgmap.trace.filter.LineException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * One {@code -F} of {@code trace-cmd report}: {@code EVENTS:FILTER}, where EVENTS is a regular
 * expression for an event's name or {@code system/event}, and FILTER what a {@code filter} file
 * takes. Without a colon all of those events are meant.
 */
final class ReportFilter implements Predicate<TraceEvent> {
  private final List<EventFormat> all = new ArrayList<>();
  private final List<EventFilter> filters = new ArrayList<>();

  /**
   * A filter for a recording.
   *
   * @throws CommandException if no event is of that name, or none has the filter's fields
   */
  ReportFilter(TraceSource source, String text) {
    int colon = text.indexOf(':');
    String filter = colon < 0 ? "" : text.substring(colon + 1).strip();
    List<EventFormat> formats =
        named(source, (colon < 0 ? text : text.substring(0, colon)).strip());
    if (filter.isEmpty()) {
      all.addAll(formats);
      return;
    }
    String problem = "no such event";
    for (EventFormat format : formats) {
      try {
        filters.add(EventFilter.parse(filter, format, source.symbols()));
      } catch (LineException e) {
        problem = String.valueOf(e.getMessage());
      }
    }
    if (filters.isEmpty()) {
      throw CommandException.badValue("-F", text, "EVENTS:FILTER (" + problem + ")");
    }
  }

  private static List<EventFormat> named(TraceSource source, String name) {
    try {
      Pattern pattern = Pattern.compile(name);
      List<EventFormat> found =
          source.events().all().stream()
              .filter(format ->
                  pattern.matcher(format.name()).matches()
                      || pattern.matcher(format.system() + "/" + format.name()).matches())
              .toList();
      if (found.isEmpty()) {
        throw CommandException.badValue("-F", name, "events of the recording");
      }
      return found;
    } catch (PatternSyntaxException e) {
      throw CommandException.badValue("-F", name, "a regular expression");
    }
  }

  @Override
  public boolean test(TraceEvent event) {
    return all.contains(event.format())
        || filters.stream()
            .anyMatch(filter -> filter.format().equals(event.format()) && filter.matches(event));
  }
}
