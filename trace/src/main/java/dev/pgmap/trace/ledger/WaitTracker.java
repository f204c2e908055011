package dev.pgmap.trace.ledger;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.refs.StackTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds who waits for pages, and which were removed: from our own {@code pgmap} events, from
 * function events, and from the stacks of tasks that were switched out.
 *
 * <p>A function that waits is over when its task enters another one. For one thread.
 */
final class WaitTracker {
  /** Functions that wait until nobody holds a page or a pgmap. */
  private static final Set<String> WAITING =
      Set.of(
          "memunmap_pages",
          "dax_break_layout",
          "dax_break_layout_final",
          "dax_break_layout_inode",
          "ext4_break_layouts",
          "ext4_wait_dax_page",
          "xfs_break_layouts",
          "xfs_break_dax_layouts",
          "xfs_wait_dax_page",
          "fuse_dax_break_layouts",
          "__fuse_dax_break_layouts");

  /** Functions that take struct pages away. */
  private static final Set<String> REMOVING = Set.of("arch_remove_memory");

  private final Symbols symbols;
  private final StackTable stacks;
  private final Map<Integer, Wait> byPid = new HashMap<>();
  private final Map<Long, Wait> byPgmap = new LinkedHashMap<>();
  private final Map<Long, PfnRanges> pgmaps = new HashMap<>();
  private final List<Wait> removed = new ArrayList<>();

  WaitTracker(Symbols symbols, StackTable stacks) {
    this.symbols = symbols;
    this.stacks = stacks;
  }

  /** Whether events of a format are our own of a pgmap's life. */
  static boolean isPgmapEvent(EventFormat format) {
    return format.system().equals("pgmap")
        && Set.of("pgmap_create", "pgmap_wait", "pgmap_drained", "pgmap_remove")
            .contains(format.name());
  }

  /** One of our own events. */
  void event(TraceEvent event) {
    long pgmap = number(event, "pgmap", 0);
    switch (event.format().name()) {
      case "pgmap_create" -> pgmaps.put(pgmap, range(event));
      case "pgmap_wait" ->
          byPgmap.put(
              pgmap,
              wait(
                  Wait.What.WAITING,
                  "pgmap_wait",
                  event.pid(),
                  event.timestamp(),
                  pgmaps.getOrDefault(pgmap, PfnRanges.NONE),
                  "pgmap=%d refs=%d".formatted(pgmap, number(event, "refs", 0))));
      case "pgmap_drained" -> byPgmap.remove(pgmap);
      case "pgmap_remove" ->
          removed.add(
              wait(
                  Wait.What.REMOVED,
                  "pgmap_remove",
                  event.pid(),
                  event.timestamp(),
                  range(event),
                  "pgmap=" + pgmap));
      default -> {
        // Not of interest.
      }
    }
  }

  /** A task entered a function. */
  void entered(int pid, long function, long stamp) {
    String name = symbols.nameOf(function);
    if (name != null && WAITING.contains(name)) {
      byPid.put(pid, wait(Wait.What.WAITING, name, pid, stamp, PfnRanges.NONE, ""));
      return;
    }
    byPid.remove(pid);
    if (name != null && REMOVING.contains(name)) {
      removed.add(wait(Wait.What.REMOVED, name, pid, stamp, PfnRanges.NONE, ""));
    }
  }

  /** A task was switched out with that stack. */
  void switchedOut(int pid, int stack, long stamp) {
    for (String function : stacks.names(stack, symbols)) {
      if (WAITING.contains(function)) {
        byPid.put(pid, wait(Wait.What.WAITING, function, pid, stamp, PfnRanges.NONE, ""));
        return;
      }
    }
    byPid.remove(pid);
  }

  private static Wait wait(
      Wait.What what, String by, int pid, long since, PfnRanges pfns, String detail) {
    return new Wait(what, by, new TaskShare(pid, Comms.UNKNOWN, 1), since, pfns, detail);
  }

  private static PfnRanges range(TraceEvent event) {
    long first = number(event, "pfn", 0);
    long nrPages = number(event, "nr_pages", 1);
    return new PfnRanges(List.of(first), List.of(first + Math.max(1, nrPages) - 1));
  }

  private static long number(TraceEvent event, String name, long otherwise) {
    EventField field = event.format().field(name);
    return field == null || field.shape() != EventField.Shape.NUMBER
        ? otherwise
        : event.number(field);
  }

  /** Who waits now, and what was removed, the earliest first. */
  List<Wait> all(Comms comms) {
    List<Wait> all = new ArrayList<>(removed);
    all.addAll(byPid.values());
    all.addAll(byPgmap.values());
    return all.stream()
        .map(wait -> named(wait, comms))
        .sorted(Comparator.comparingLong(Wait::since))
        .toList();
  }

  private static Wait named(Wait wait, Comms comms) {
    @Nullable TaskShare task = wait.task();
    return task == null
        ? wait
        : new Wait(
            wait.what(),
            wait.by(),
            new TaskShare(task.pid(), comms.of(task.pid()), 1),
            wait.since(),
            wait.pfns(),
            wait.detail());
  }
}
