package dev.pgmap.trace.replay;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.refs.PageRef;
import dev.pgmap.trace.refs.PageRefDecoder;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Pages and pgmaps at a step of a recording; each event takes it one step on. */
public final class MachineNow {
  private final TreeMap<Long, PageNow> pages;
  private final TreeMap<Long, PagemapNow> pagemaps;
  private long step;
  private long stamp;

  MachineNow() {
    this(new TreeMap<>(), new TreeMap<>(), 0, 0);
  }

  private MachineNow(
      TreeMap<Long, PageNow> pages, TreeMap<Long, PagemapNow> pagemaps, long step, long stamp) {
    this.pages = pages;
    this.pagemaps = pagemaps;
    this.step = step;
    this.stamp = stamp;
  }

  MachineNow copy() {
    return new MachineNow(new TreeMap<>(pages), new TreeMap<>(pagemaps), step, stamp);
  }

  /** Events so far. */
  public long step() {
    return step;
  }

  /** The time of the last of them. */
  public long stamp() {
    return stamp;
  }

  /** The pages that had an event so far, by pfn. */
  public Collection<PageNow> pages() {
    return List.copyOf(pages.values());
  }

  /** A page; null if it had no event so far. */
  public @Nullable PageNow page(long pfn) {
    return pages.get(pfn);
  }

  /** The pgmaps that had an event so far, by number. */
  public Collection<PagemapNow> pagemaps() {
    return List.copyOf(pagemaps.values());
  }

  void take(TraceEvent event, PageRefDecoder decoder, PageRef change) {
    step++;
    stamp = event.timestamp();
    if (decoder.decode(event, change)) {
      takeChange(event, change);
    } else if (event.format().system().equals("pgmap")) {
      takePagemapEvent(event);
    }
  }

  private void takeChange(TraceEvent event, PageRef change) {
    PageNow before = pages.get(change.pfn());
    pages.put(
        change.pfn(),
        new PageNow(
            change.pfn(),
            countAfter(before, change),
            number(event, "flags"),
            (int) number(event, "mapcount"),
            step,
            change.kind().shortName(),
            change.val(),
            event.comm() + "-" + event.pid()));
  }

  private static int countAfter(@Nullable PageNow before, PageRef change) {
    return switch (change.kind()) {
      case SET, UNFREEZE -> change.val();
      case MOD_AND_RETURN -> change.ret();
      case FREEZE -> change.ret() != 0 ? 0 : unchanged(before, change);
      case MOD_UNLESS -> change.ret() == 0 ? 0 : added(before, change);
      case MOD_AND_TEST -> change.ret() != 0 ? 0 : added(before, change);
      case MOD -> added(before, change);
    };
  }

  private static int unchanged(@Nullable PageNow before, PageRef change) {
    return before == null ? change.count() : before.count();
  }

  private static int added(@Nullable PageNow before, PageRef change) {
    return before == null ? change.count() : before.count() + change.val();
  }

  private void takePagemapEvent(TraceEvent event) {
    EventField field = event.format().field("pgmap");
    if (field == null) {
      return;
    }
    long number = event.number(field);
    PagemapNow now = pagemaps.getOrDefault(number, PagemapNow.seen(number));
    PagemapNow next =
        switch (event.format().name()) {
          case "pgmap_create" ->
              now.created(
                  number(event, "pfn"), number(event, "nr_pages"), number(event, "order"), step);
          case "pgmap_kill" -> now.entered(PagemapNow.State.KILLED, step);
          case "pgmap_wait" -> now.entered(PagemapNow.State.WAITING, step);
          case "pgmap_drained" -> now.entered(PagemapNow.State.DRAINED, step);
          case "pgmap_remove" -> now.entered(PagemapNow.State.REMOVED, step);
          case "pgmap_ref_get" -> now.referenced(number(event, "live"), 0, step);
          case "pgmap_ref_put" -> now.referenced(0, number(event, "nr"), step);
          default -> now;
        };
    if (number != 0) {
      pagemaps.put(number, next);
    }
    if (next.state() == PagemapNow.State.REMOVED) {
      pages.subMap(next.pfn(), next.pfn() + next.nrPages()).clear();
    }
  }

  private static long number(TraceEvent event, String name) {
    EventField field = event.format().field(name);
    return field == null ? 0 : event.number(field);
  }
}
