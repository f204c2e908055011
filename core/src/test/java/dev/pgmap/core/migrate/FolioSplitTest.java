package dev.pgmap.core.migrate;

import static dev.pgmap.core.gup.FollFlag.WRITE;
import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static dev.pgmap.core.testing.Mapping.PIN_FAST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.mm.MemoryAdvice;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.mm.Rmap;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.page.RecordingPageRefs;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.Leaf;
import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;
import org.junit.jupiter.api.Test;

/** Splits of huge pages into base pages. */
class FolioSplitTest extends DevdaxTest {
  private static final long HUGE = 2 * MIB;

  /** A huge page of a task, written in its first and its last page. */
  private static Mapping huge(DevdaxMachine m) {
    Task task = m.machine.newTask("test");
    long at = task.mm().mmap(null, 2 * HUGE, 0, false, true);
    task.mm().madvise(at, 2 * HUGE, MemoryAdvice.HUGEPAGE);
    long block = (at + HUGE - 1) & -HUGE;
    task.mm().store(block, (byte) 1);
    task.mm().store(block + 511 * PAGE, (byte) 2);
    return new Mapping(m.machine, task, block, HUGE);
  }

  private static long head(Mapping mapping) {
    Leaf leaf = mapping.task().mm().tables().find(mapping.start());
    assertThat(leaf).isNotNull();
    return leaf.pfnOf(mapping.start());
  }

  /** Takes lock and reference as whoever splits does, and splits. */
  private static boolean split(DevdaxMachine m, long head) {
    MmContext context = m.machine.mmContext();
    StructPages pages = context.pages();
    assertThat(context.refs().modUnless(head, pages.record(head), 1)).isTrue();
    context.locks().lock(head);
    try {
      return new FolioSplit(context).split(head);
    } finally {
      context.locks().unlock(head);
      context.put().put(head, 1);
    }
  }

  @EachEra
  void aFolioBecomes512PagesWithTheSameBytesAndMappings(String era) {
    DevdaxMachine m = boot(era);
    Mapping mapping = huge(m);
    Mm mm = mapping.task().mm();
    Task child = mapping.task().fork();
    long head = head(mapping);

    assertThat(split(m, head)).isTrue();

    StructPages pages = m.machine.structPages();
    for (long pfn : new long[] {head, head + 1, head + 511}) {
      assertThat(pages.headPfn(pfn)).isEqualTo(pfn);
      assertThat(m.count(pfn)).as("parent and child").isEqualTo(2);
      assertThat(Rmap.mapcount(pages, pfn)).isEqualTo(2);
      assertThat(pages.index(pages.record(pfn))).isEqualTo((mapping.start() >>> 12) + pfn - head);
    }
    assertThat(mm.load(mapping.start() + 511 * PAGE)).isEqualTo((byte) 2);
    child.mm().store(mapping.start(), (byte) 9);
    assertThat(mm.load(mapping.start())).isEqualTo((byte) 1);
    child.exit();
    long free = m.machine.ram().freePages();
    mm.munmap(mapping.start() + PAGE, PAGE);
    assertThat(m.machine.ram().freePages()).as("a page of its own").isEqualTo(free + 1);
    mapping.task().exit();
  }

  @EachEra
  void aPinnedFolioStaysWholeAndMapped(String era) {
    DevdaxMachine m = boot(era);
    Mapping mapping = huge(m);
    long[] pins = mapping.take(PIN_FAST, 3, 2, WRITE);
    long head = head(mapping);

    assertThat(split(m, head)).isFalse();

    assertThat(m.machine.structPages().order(head)).isEqualTo(9);
    assertThat(mapping.task().mm().load(mapping.at(511))).isEqualTo((byte) 2);
    mapping.task().mm().store(mapping.at(3), (byte) 7);
    assertThat(m.machine.memory().loadByte(pins[0] << 12)).as("the pin").isEqualTo((byte) 7);
    mapping.unpin(pins);
    assertThat(split(m, head)).as("without pins").isTrue();
    mapping.task().exit();
  }

  @Test
  void theCountIsFrozenAndEachPageIsGivenOneOfItsOwn() {
    RecordingPageRefs refs = new RecordingPageRefs();
    DevdaxMachine m = boot("7.2", refs);
    Mapping mapping = huge(m);
    long head = head(mapping);
    refs.sequences().clear();

    assertThat(split(m, head)).isTrue();

    assertThat(refs.sequences().of(head)).contains("freeze(+1)->0 ret=1 ; unfreeze(+1)->1");
    assertThat(refs.sequences().of(head + 7))
        .isEqualTo("unfreeze(+1)->1 ; mod(+1)->2 ; mod_and_test(-1)->1 ret=0");
    mapping.task().exit();
  }

  @Test
  void aBasePageAndAPageOfAFileAreNotSplit() {
    DevdaxMachine m = boot("7.2");
    Mapping mapping = m.mapAnonymous(m.machine.newTask("test"), PAGE, true).touch();
    assertThat(split(m, head(mapping))).isFalse();
    mapping.task().exit();
  }

  @Test
  void readersWritersAndPinsGoOnWhileFoliosAreSplit() throws Exception {
    DevdaxMachine m = boot("7.2");
    for (int round = 0; round < 10; round++) {
      Mapping mapping = huge(m);
      Mm mm = mapping.task().mm();
      long head = head(mapping);
      Crew crew = new Crew();
      crew.add(
          2,
          () -> {
            for (int i = 0; i < 512; i++) {
              mm.store(mapping.at(i) + 8, (byte) i);
              assertThat(mm.load(mapping.at(i) + 8)).isEqualTo((byte) i);
            }
          });
      crew.add(() -> {
        for (int i = 0; i < 100; i++) {
          mapping.unpin(mapping.take(PIN_FAST, i, 1, WRITE));
        }
      });
      crew.add(() -> split(m, head));
      crew.runAll();
      assertThat(mm.load(mapping.at(511))).isEqualTo((byte) 2);
      assertThat(mm.tables().find(mapping.start()).level()).isEqualTo(Geometry.PTE);
      mapping.task().exit();
    }
  }
}
