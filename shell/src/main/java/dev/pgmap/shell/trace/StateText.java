package dev.pgmap.shell.trace;

import dev.pgmap.core.page.PageFlag;
import dev.pgmap.shell.format.Table;
import dev.pgmap.trace.event.TraceClock;
import dev.pgmap.trace.replay.MachineNow;
import dev.pgmap.trace.replay.PageNow;
import dev.pgmap.trace.replay.PagemapNow;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Prints pages and pgmaps as they stood at a step. */
final class StateText {
  private static final int MOST_LINES = 40;
  private static final long FLAG_BITS = (1L << PageFlag.values().length) - 1;

  private final TraceClock clock;
  private final PfnRange pfns;

  StateText(TraceClock clock, PfnRange pfns) {
    this.clock = clock;
    this.pfns = pfns;
  }

  void print(MachineNow now, PrintWriter out) {
    out.printf("step %d, %s%n", now.step(), Stamp.text(clock, now.stamp()));
    printPagemaps(now, out);
    printPages(now, out);
  }

  private static void printPagemaps(MachineNow now, PrintWriter out) {
    if (now.pagemaps().isEmpty()) {
      return;
    }
    Table table = new Table("pgmap", "state", "pages", "order", "refs taken", "dropped", "since");
    for (PagemapNow pgmap : now.pagemaps()) {
      String range =
          pgmap.nrPages() == 0
              ? "?"
              : "0x%x-0x%x".formatted(pgmap.pfn(), pgmap.pfn() + pgmap.nrPages() - 1);
      table.row(
          pgmap.pgmap(),
          pgmap.state().name().toLowerCase(Locale.ROOT),
          range,
          pgmap.order(),
          pgmap.gets(),
          pgmap.puts(),
          pgmap.step());
    }
    table.lines().forEach(out::println);
  }

  private void printPages(MachineNow now, PrintWriter out) {
    Table table = new Table("page", "count", "mapcount", "flags", "last change", "by", "step");
    List<PageNow> shown = new ArrayList<>(now.pages());
    shown.removeIf(page -> !pfns.contains(page.pfn()));
    int lines = 0;
    for (int i = 0; i < shown.size() && lines < MOST_LINES; lines++) {
      PageNow page = shown.get(i);
      int end = i + 1;
      while (end < shown.size() && isNext(shown.get(end - 1), shown.get(end))) {
        end++;
      }
      PageNow last = shown.get(end - 1);
      table.row(
          end - i == 1
              ? "0x%x".formatted(page.pfn())
              : "0x%x-0x%x".formatted(page.pfn(), last.pfn()),
          page.count(),
          page.mapcount(),
          flags(page.flags()),
          "%s(%+d)".formatted(page.event(), page.val()),
          page.task(),
          end - i == 1 ? "" + page.step() : page.step() + "-" + last.step());
      i = end;
    }
    table.lines().forEach(out::println);
    if (lines == MOST_LINES) {
      out.println("(" + shown.size() + " pages in all; --pfn shows others)");
    }
  }

  /** Whether a page continues a range of pages in the same state. */
  private static boolean isNext(PageNow page, PageNow next) {
    return next.pfn() == page.pfn() + 1
        && next.count() == page.count()
        && next.mapcount() == page.mapcount()
        && next.flags() == page.flags()
        && next.event().equals(page.event())
        && next.val() == page.val()
        && next.task().equals(page.task());
  }

  private static String flags(long flags) {
    String names =
        PageFlag.of(flags & FLAG_BITS).stream()
            .map(PageFlag::kernelName)
            .collect(Collectors.joining("|"));
    return names.isEmpty() ? "none" : names;
  }
}
