package dev.pgmap.core.mm;

import static dev.pgmap.core.mm.MmLab.MIB;
import static dev.pgmap.core.mm.MmLab.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.Leaf;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.phys.AllocFaults;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Transparent huge pages. */
class HugePagesTest {
  private static final long HUGE = 2 * MIB;

  private final MmLab lab = new MmLab(MappingPolicy.NORMAL_PAGES);
  private final Task task = lab.task();
  private final Mm mm = task.mm();
  private final HugePages hugePages = lab.context.ordinary().hugePages();

  @AfterEach
  void nothingIsLeft() {
    try {
      RmapScan.check(lab.context, List.of(task));
      task.exit();
      lab.assertNothingLeft();
    } finally {
      lab.close();
    }
  }

  /** The first address of a block in an area that asked for huge pages. */
  private long block() {
    long at = mm.mmap(null, 3 * HUGE, 0, false, true);
    mm.madvise(at, 3 * HUGE, MemoryAdvice.HUGEPAGE);
    return (at + HUGE - 1) & -HUGE;
  }

  private long written() {
    long at = block();
    mm.store(at, (byte) 1);
    mm.store(at + 300 * PAGE, (byte) 2);
    return at;
  }

  private Leaf leafAt(Mm of, long address) {
    return of.tables().find(address);
  }

  private void pin(long pfn, int delta) {
    mm.setHasPinned();
    lab.pages.addPincount(pfn, lab.record(pfn), delta);
    lab.refs.mod(pfn, lab.record(pfn), delta);
  }

  @Test
  void whereItIsAskedForOneEntryMapsAFolioOf512Pages() {
    long at = written();
    Leaf leaf = leafAt(mm, at + 300 * PAGE);
    long head = Pte.pfn(leaf.entry());

    assertThat(leaf.level()).isEqualTo(Geometry.PMD);
    assertThat(lab.pages.headPfn(head + 511)).isEqualTo(head);
    assertThat(lab.pages.order(head)).isEqualTo(9);
    assertThat(lab.count(head)).isEqualTo(1);
    assertThat(lab.pages.entireMapcount(lab.record(head))).isZero();
    assertThat(Rmap.mapcount(lab.pages, head)).isEqualTo(1);
    assertThat(mm.load(at + 300 * PAGE)).isEqualTo((byte) 2);
  }

  @Test
  void theModeAndTheAdviceSayWhoMayHaveThem() {
    long asked = block();
    hugePages.setMode(HugePages.Mode.NEVER);
    mm.store(asked, (byte) 1);
    assertThat(leafAt(mm, asked).level()).isEqualTo(Geometry.PTE);

    hugePages.setMode(HugePages.Mode.ALWAYS);
    long at = (mm.mmap(null, 3 * HUGE, 0, false, true) + HUGE - 1) & -HUGE;
    mm.store(at, (byte) 1);
    assertThat(leafAt(mm, at).level()).isEqualTo(Geometry.PMD);

    mm.madvise(at + HUGE, PAGE, MemoryAdvice.NOHUGEPAGE);
    mm.store(at + HUGE, (byte) 1);
    assertThat(leafAt(mm, at + HUGE).level()).isEqualTo(Geometry.PTE);
  }

  @Test
  void withoutRoomForAHugePageBasePagesServe() {
    long at = block();
    lab.ram.faults().arm(AllocFaults.Site.PAGE, 1);
    mm.store(at, (byte) 1);
    assertThat(leafAt(mm, at).level()).isEqualTo(Geometry.PTE);
    assertThat(mm.load(at)).isEqualTo((byte) 1);
  }

  @Test
  void aReadMapsTheHugeZeroPageWhichGoesWithItsLastUser() {
    long at = block();
    assertThat(mm.load(at + PAGE)).isZero();
    Leaf leaf = leafAt(mm, at);
    assertThat(leaf.level()).isEqualTo(Geometry.PMD);
    assertThat(lab.context.ordinary().isZeroPage(leaf.pfnOf(at + PAGE))).isTrue();

    Task child = task.fork();
    mm.store(at, (byte) 3);
    assertThat(leafAt(mm, at).level()).as("a folio took its place").isEqualTo(Geometry.PMD);
    assertThat(mm.load(at + PAGE)).isZero();
    assertThat(child.mm().load(at)).isZero();
    task.exit();
    assertThat(child.mm().load(at)).isZero();
    child.exit();
  }

  @Test
  void unmappingAPartSplitsTheEntryAndTheFolioStaysWhole() {
    long at = written();
    long head = Pte.pfn(leafAt(mm, at).entry());
    mm.munmap(at + PAGE, PAGE);

    assertThat(leafAt(mm, at).level()).isEqualTo(Geometry.PTE);
    assertThat(leafAt(mm, at + PAGE)).isNull();
    assertThat(lab.pages.order(head)).isEqualTo(9);
    assertThat(lab.count(head)).isEqualTo(511);
    assertThat(Rmap.mapcount(lab.pages, head)).isEqualTo(511);
    assertThat(mm.load(at + 300 * PAGE)).isEqualTo((byte) 2);
    long free = lab.ram.freePages();
    mm.munmap(at, HUGE);
    assertThat(lab.ram.freePages()).as("freed as one").isEqualTo(free + 512);
  }

  @Test
  void aSplitKeepsPinsBytesAndTheRightToWrite() {
    long at = written();
    long head = Pte.pfn(leafAt(mm, at).entry());
    pin(head, 5);
    mm.mprotect(at + HUGE / 2, PAGE, true, false);

    assertThat(lab.count(head)).isEqualTo(512 + 5);
    assertThat(lab.pages.pincount(lab.record(head))).isEqualTo(5);
    long free = lab.ram.freePages();
    mm.store(at, (byte) 9);
    assertThat(lab.ram.freePages()).as("no copy").isEqualTo(free);
    assertThat(Rmap.isExclusive(lab.pages, head + 256)).isTrue();
    pin(head, -5);
  }

  @Test
  void aForkSharesTheHugePageAndAWriteCopiesOnePageOfIt() {
    long at = written();
    long head = Pte.pfn(leafAt(mm, at).entry());
    Task child = task.fork();

    assertThat(leafAt(child.mm(), at).level()).isEqualTo(Geometry.PMD);
    assertThat(lab.count(head)).isEqualTo(2);
    assertThat(lab.pages.testFlag(lab.record(head), PageFlag.ANON_EXCLUSIVE)).isFalse();
    RmapScan.check(lab.context, List.of(task, child));

    child.mm().store(at, (byte) 7);
    assertThat(leafAt(child.mm(), at).level()).isEqualTo(Geometry.PTE);
    assertThat(leafAt(mm, at).level()).isEqualTo(Geometry.PMD);
    assertThat(mm.load(at)).isEqualTo((byte) 1);
    assertThat(child.mm().load(at + 300 * PAGE)).isEqualTo((byte) 2);
    RmapScan.check(lab.context, List.of(task, child));
    child.exit();
    long free = lab.ram.freePages();
    mm.store(at, (byte) 8);
    assertThat(lab.ram.freePages()).as("the only mapping left keeps it").isEqualTo(free);
    assertThat(leafAt(mm, at).level()).isEqualTo(Geometry.PMD);
  }

  @Test
  void aForkCopiesAPinnedHugePageForTheChild() {
    long at = written();
    long head = Pte.pfn(leafAt(mm, at).entry());
    pin(head, 1);
    Task child = task.fork();

    assertThat(leafAt(mm, at).pfnOf(at)).isEqualTo(head);
    assertThat(leafAt(child.mm(), at).pfnOf(at)).isNotEqualTo(head);
    assertThat(child.mm().load(at + 300 * PAGE)).isEqualTo((byte) 2);
    mm.store(at, (byte) 5);
    assertThat(leafAt(mm, at).pfnOf(at)).as("the pin's page").isEqualTo(head);
    RmapScan.check(lab.context, List.of(task, child));
    child.exit();
    pin(head, -1);
  }

  @Test
  void aMoveToAnAlignedPlaceKeepsTheEntryAndAnyOtherSplitsIt() {
    long at = written();
    int flags = Mm.MREMAP_MAYMOVE | Mm.MREMAP_FIXED;
    long aligned = 0x1000_0000_0000L;
    mm.mremap(at, HUGE, HUGE, flags, aligned);
    assertThat(leafAt(mm, aligned).level()).isEqualTo(Geometry.PMD);
    RmapScan.check(lab.context, List.of(task));
    mm.mremap(aligned, HUGE, HUGE, flags, aligned + 16 * HUGE + PAGE);
    assertThat(leafAt(mm, aligned + 16 * HUGE + PAGE).level()).isEqualTo(Geometry.PTE);
    assertThat(mm.load(aligned + 16 * HUGE + 301 * PAGE)).isEqualTo((byte) 2);
  }

  @Test
  void theWordsOfTheModeAreTheKernels() {
    assertThat(HugePages.Mode.named("never")).isEqualTo(HugePages.Mode.NEVER);
    assertThatThrownBy(() -> HugePages.Mode.named("sometimes")).hasMessageContaining("madvise");
  }
}
