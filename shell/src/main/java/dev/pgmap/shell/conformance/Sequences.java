package dev.pgmap.shell.conformance;

import dev.pgmap.core.page.RefSequences;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A {@code refseq.txt}: what happened to the counts of pages on a real kernel.
 *
 * @param groups pages with equal sequences
 */
record Sequences(List<Group> groups) {
  private static final Pattern LINE =
      Pattern.compile(
          "pfns=(?<pages>[0-9]{1,12}) first=0x(?<first>[0-9a-f]{1,15})"
              + " last=0x(?<last>[0-9a-f]{1,15}) :: (?<events>.+)");
  private static final Pattern REPEATS = Pattern.compile("\\)x([0-9]{1,12})->");
  private static final String SEPARATOR = " ; ";

  /**
   * Pages with equal sequences.
   *
   * @param line as it stands in the file
   * @param nrPages how many
   * @param first the lowest pfn
   * @param last the highest pfn
   * @param events their sequence
   */
  record Group(String line, long nrPages, long first, long last, String events) {
    /** How many events that is. */
    long nrEvents() {
      long perPage = 0;
      for (String event : events.split(SEPARATOR)) {
        Matcher repeats = REPEATS.matcher(event);
        perPage += repeats.find() ? Long.parseLong(repeats.group(1)) : 1;
      }
      return perPage * nrPages;
    }
  }

  /** Reads one; lines of another form are left out. */
  static Sequences parse(String text) {
    List<Group> groups = new ArrayList<>();
    text.lines()
        .forEach(line -> {
          Matcher group = LINE.matcher(line.strip());
          if (group.matches()) {
            groups.add(
                new Group(
                    line.strip(),
                    Long.parseLong(group.group("pages")),
                    Long.parseLong(group.group("first"), 16),
                    Long.parseLong(group.group("last"), 16),
                    group.group("events")));
          }
        });
    return new Sequences(groups);
  }

  /** How many events of pages they are. */
  long nrEvents() {
    return groups.stream().mapToLong(Group::nrEvents).sum();
  }

  /**
   * The first difference to what happened here.
   *
   * @param window the pages that were looked at
   * @return null if there is none
   */
  @Nullable String difference(RefSequences here, LongPredicate window) {
    Set<String> recorded = new HashSet<>(groups.stream().map(Group::line).toList());
    List<String> ours = here.groups(window);
    if (recorded.equals(new HashSet<>(ours))) {
      return null;
    }
    for (Group group : groups) {
      for (long pfn : new long[] {group.first, group.last}) {
        if (!here.of(pfn).equals(group.events)) {
          return pageDifference(pfn, group.events, here.of(pfn));
        }
      }
    }
    return groupDifference(here.pagesByEvents(window));
  }

  /**
   * The first difference where the pages of the same part have other numbers here: the same
   * sequences have to happen to as many pages.
   *
   * @param refusedLeftOut whether gets that were refused were not recorded
   * @return null if there is none
   */
  @Nullable String differenceButNames(
      RefSequences here, LongPredicate window, boolean refusedLeftOut) {
    Map<String, Long> recorded = new TreeMap<>();
    groups.forEach(group -> recorded.merge(group.events, group.nrPages, Long::sum));
    Map<String, Long> ours = new TreeMap<>();
    here.pagesByEvents(window)
        .forEach((events, pfns) -> {
          String shown = refusedLeftOut ? withoutRefused(events) : events;
          if (!shown.isEmpty()) {
            ours.merge(shown, (long) pfns.size(), Long::sum);
          }
        });
    Set<String> all = new TreeSet<>(recorded.keySet());
    all.addAll(ours.keySet());
    for (String events : all) {
      long theirs = recorded.getOrDefault(events, 0L);
      long found = ours.getOrDefault(events, 0L);
      if (theirs != found) {
        return "pages with '%s': recorded %d, here %d".formatted(events, theirs, found);
      }
    }
    return null;
  }

  private static String withoutRefused(String events) {
    return Arrays.stream(events.split(SEPARATOR))
        .filter(event -> !event.startsWith("mod_unless") || !event.endsWith(" ret=0"))
        .collect(Collectors.joining(SEPARATOR));
  }

  private static String pageDifference(long pfn, String recorded, String here) {
    String[] theirs = recorded.split(SEPARATOR);
    String[] ours = here.isEmpty() ? new String[0] : here.split(SEPARATOR);
    int at = 0;
    while (at < Math.min(theirs.length, ours.length) && theirs[at].equals(ours[at])) {
      at++;
    }
    return "page 0x%x, event %d: recorded %s, here %s"
        .formatted(pfn, at + 1, eventAt(theirs, at), eventAt(ours, at));
  }

  private static String eventAt(String[] events, int at) {
    return at < events.length ? events[at] : "nothing";
  }

  /** Where the first and last pages of all groups agree: pages between them, or besides them. */
  private String groupDifference(Map<String, TreeSet<Long>> here) {
    for (Map.Entry<String, TreeSet<Long>> ours : here.entrySet()) {
      Group same =
          groups.stream()
              .filter(group -> group.events.equals(ours.getKey()))
              .findFirst()
              .orElse(null);
      long nrPages = same == null ? 0 : same.nrPages;
      if (nrPages != ours.getValue().size()
          || same != null
              && (same.first != ours.getValue().first() || same.last != ours.getValue().last())) {
        return "pages with %s: recorded %d, here %d, from 0x%x to 0x%x"
            .formatted(
                ours.getKey().split(SEPARATOR)[0],
                nrPages,
                ours.getValue().size(),
                ours.getValue().first(),
                ours.getValue().last());
      }
    }
    return "recorded %d groups of pages, here %d".formatted(groups.size(), here.size());
  }

  /**
   * The same for a recording whose oldest events were lost: of each page it has the end of what
   * happened here.
   */
  @Nullable String differenceOfEnd(RefSequences here, LongPredicate window) {
    for (Group group : groups) {
      for (long pfn : new long[] {group.first, group.last}) {
        if (!(SEPARATOR + here.of(pfn)).endsWith(SEPARATOR + group.events)) {
          return "page 0x%x: recorded an end %s, here %s"
              .formatted(pfn, group.events, here.of(pfn));
        }
      }
    }
    long recorded = groups.stream().mapToLong(Group::nrPages).sum();
    long ours = here.pagesByEvents(window).values().stream().mapToLong(Set::size).sum();
    return recorded <= ours ? null : "recorded %d pages, here %d".formatted(recorded, ours);
  }
}
