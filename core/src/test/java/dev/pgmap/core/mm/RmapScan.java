package dev.pgmap.core.mm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgtable.Pte;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What the reverse map should say, found the slow way: by reading all page tables of all tasks.
 *
 * <p>Used at quiet moments, by one thread.
 */
final class RmapScan {
  private final MmContext context;
  private final Map<Long, TreeSet<String>> byHead = new HashMap<>();

  private RmapScan(MmContext context) {
    this.context = context;
  }

  /** Compares walks, map counts and references of all pages that these tasks map with a scan. */
  static void check(MmContext context, List<Task> tasks) {
    RmapScan scan = new RmapScan(context);
    tasks.forEach(task -> scan.read(task.mm()));
    scan.byHead.forEach(scan::compare);
  }

  private void read(Mm mm) {
    mm.tables()
        .forEachLeaf(
            0,
            mm.taskSizeMax(),
            (address, level, entry) -> {
              if (Pte.isCounted(entry)) {
                long head = context.pages().headPfn(Pte.pfn(entry));
                byHead.computeIfAbsent(head, h -> new TreeSet<>()).add(text(mm, address, level));
              }
            });
  }

  private static String text(Mm mm, long address, int level) {
    return "%s 0x%x level %d".formatted(mm, address, level);
  }

  private void compare(long head, TreeSet<String> expected) {
    TreeSet<String> walked = new TreeSet<>();
    Rmap.forEachMapping(
        context, head, (vma, address, level, entry) -> walked.add(text(vma.mm(), address, level)));
    StructPages pages = context.pages();
    assertThat(walked).as("mappings of page 0x%x", head).isEqualTo(expected);
    assertThat(Rmap.mapcount(pages, head)).as("map count of 0x%x", head).isEqualTo(expected.size());
    assertThat(context.refs().count(pages.record(head)))
        .as("references of page 0x%x", head)
        .isGreaterThanOrEqualTo(expected.size());
  }
}
