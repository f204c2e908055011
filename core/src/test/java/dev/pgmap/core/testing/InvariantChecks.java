package dev.pgmap.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.RefWord;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.pgmap.PagemapHold;
import dev.pgmap.core.phys.ResourceTree;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** The checks of {@link Floors#assertInvariants}; each reads every struct page there is. */
final class InvariantChecks {
  private final Floors floors;
  private final Map<Long, Integer> users;

  InvariantChecks(Floors floors, Map<Long, Integer> users) {
    this.floors = floors;
    this.users = users;
  }

  void pagemaps() {
    for (DevPagemap pgmap : floors.pagemaps.all()) {
      assertThat(pgmap.state()).as("%s", pgmap).isEqualTo(DevPagemap.State.LIVE);
      long nrRefs = 1;
      PagemapHold hold = floors.pagemaps.policies().hold();
      for (int i = 0; i < pgmap.spec().ranges().size(); i++) {
        nrRefs += hold.refsOfFolio(pgmap.spec().type(), pgmap.vmemmapShift()) * folios(pgmap, i);
        nrRefs += hold.isInBulk(pgmap.spec().type()) ? pgmap.nrFolios(i) : 0;
      }
      assertThat(pgmap.refCount()).as("references of %s", pgmap).isEqualTo(nrRefs);
      if (pgmap.altmap() != null) {
        assertThat(pgmap.altmap().allocPages())
            .as("altmap.alloc of %s", pgmap)
            .isEqualTo(pgmap.vmemmapPages());
      }
    }
  }

  /** Returns how many folios the test holds. */
  private long folios(DevPagemap pgmap, int range) {
    int order = pgmap.vmemmapShift();
    long nrInUse = 0;
    boolean base = floors.pagemaps.policies().scheme().hasBase(pgmap.spec().type());
    for (long head = pgmap.pfnFirst(range); head < pgmap.pfnEnd(range); head += 1L << order) {
      StructPages pages = floors.pages;
      long rec = pages.record(head);
      int expected = RefWord.of(base, users.getOrDefault(head, 0));
      if (floors.refs.word(rec) != expected
          || pages.isTail(rec)
          || !pages.isZoneDevice(rec)
          || !pages.testFlag(rec, PageFlag.RESERVED)
          || pages.testFlag(rec, PageFlag.HEAD) != order > 0
          || pages.pgmapIndex(rec) != pgmap.index()
          || pages.headPfn(head) != head
          || pages.order(head) != order
          || order > 0 && pages.pincount(rec) != 0) {
        throw new AssertionError(
            "head 0x%x of %s: word 0x%x, expected 0x%x, flags 0x%x"
                .formatted(head, pgmap, floors.refs.word(rec), expected, pages.flags(rec)));
      }
      tails(head, order);
      nrInUse += users.getOrDefault(head, 0) > 0 ? 1 : 0;
    }
    return nrInUse;
  }

  private void tails(long head, int order) {
    StructPages pages = floors.pages;
    for (long pfn = head + 1; pfn < head + (1L << order); pfn++) {
      long rec = pages.record(pfn);
      if (floors.refs.word(rec) != 0
          || pages.rawWord(rec, 1) != (head << 1 | 1)
          || pages.headPfn(pfn) != head) {
        throw new AssertionError(
            "tail 0x%x of 0x%x: word 0x%x, head link 0x%x"
                .formatted(pfn, head, floors.refs.word(rec), pages.rawWord(rec, 1)));
      }
    }
  }

  void subsections() {
    for (long pfn = 0; pfn < floors.map.endPfn(); pfn += 512) {
      if (floors.map.isPresent(pfn >>> 9) != isKnown(pfn)) {
        throw new AssertionError(
            "struct pages at pfn 0x%x: present is %s".formatted(pfn, !isKnown(pfn)));
      }
    }
  }

  private boolean isKnown(long pfn) {
    PhysRange subsection = PhysRange.ofLength(pfn << 12, 512L << 12);
    return floors.ram.ranges().stream().anyMatch(subsection::overlaps)
        || floors.pagemaps.all().stream()
            .flatMap(pgmap -> pgmap.spec().ranges().stream())
            .anyMatch(range -> range.contains(subsection));
  }

  void resourceTree() {
    Deque<PhysRange> parents = new ArrayDeque<>();
    long lastEnd = -1;
    for (ResourceTree.Line line : floors.resources.lines()) {
      while (parents.size() > line.depth()) {
        lastEnd = parents.pop().end();
      }
      assertThat(parents).hasSize(line.depth());
      assertThat(line.range().start()).as("%s", line).isGreaterThan(lastEnd);
      if (!parents.isEmpty()) {
        assertThat(parents.peek().contains(line.range())).as("%s", line).isTrue();
      }
      parents.push(line.range());
      lastEnd = line.range().start() - 1;
    }
  }

  long vmemmapPagesInRam() {
    return floors.pagemaps.all().stream()
        .filter(pgmap -> pgmap.altmap() == null)
        .mapToLong(DevPagemap::vmemmapPages)
        .sum();
  }
}
