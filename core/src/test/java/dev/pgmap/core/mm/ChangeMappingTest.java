package dev.pgmap.core.mm;

import static dev.pgmap.core.mm.MmLab.MIB;
import static dev.pgmap.core.mm.MmLab.PAGE;
import static dev.pgmap.core.testing.Failures.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.Leaf;
import dev.pgmap.core.pgtable.Pte;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** mprotect, mremap, madvise and fixed mappings. */
class ChangeMappingTest {
  private final MmLab lab = new MmLab(MappingPolicy.NORMAL_PAGES);
  private final Task task = lab.task();
  private final Mm mm = task.mm();
  private long expectedFreePages = lab.ram.freePages();

  @AfterEach
  void nothingIsLeft() {
    try {
      RmapScan.check(lab.context, List.of(task));
      task.exit();
      assertThat(lab.ram.freePages()).as("free pages of RAM").isEqualTo(expectedFreePages);
      assertThat(lab.log.entries()).isEmpty();
    } finally {
      lab.close();
    }
  }

  /** A device, whose struct pages take some of the RAM. */
  private TestDevice device(long align) {
    TestDevice device = lab.device(8 * MIB, align);
    expectedFreePages -= device.pgmap.vmemmapPages();
    return device;
  }

  private long written(int nrPages) {
    long at = mm.mmap(null, nrPages * PAGE, 0, false, true);
    for (int i = 0; i < nrPages; i++) {
      mm.store(at + i * PAGE, (byte) (i + 1));
    }
    return at;
  }

  private long pfnAt(long address) {
    Leaf leaf = mm.tables().find(address);
    return leaf == null ? -1 : leaf.pfnOf(address);
  }

  @Test
  void withoutTheRightToWriteAStoreIsASegfaultUntilItIsGivenBack() {
    long at = written(4);
    mm.mprotect(at + PAGE, 2 * PAGE, true, false);

    assertThat(mm.vmas()).hasSize(3);
    assertThatThrownBy(() -> mm.store(at + PAGE, (byte) 9)).isInstanceOf(TaskSignal.class);
    assertThat(mm.load(at + PAGE)).isEqualTo((byte) 2);
    mm.store(at, (byte) 9);
    mm.mprotect(at, 4 * PAGE, true, true);
    long pfn = pfnAt(at + PAGE);
    mm.store(at + PAGE, (byte) 9);
    assertThat(pfnAt(at + PAGE)).as("the page is still its own").isEqualTo(pfn);
  }

  @Test
  void withoutAnyRightAPageStaysButNobodyReachesIt() {
    long at = written(2);
    long pfn = pfnAt(at);
    mm.mprotect(at, PAGE, false, false);

    assertThatThrownBy(() -> mm.load(at)).isInstanceOf(TaskSignal.class);
    assertThat(pfnAt(at)).isEqualTo(pfn);
    mm.mprotect(at, PAGE, true, false);
    assertThat(mm.load(at)).isEqualTo((byte) 1);
  }

  @Test
  void mprotectWantsPagesThatAreMapped() {
    long at = written(2);
    assertErrno(Errno.EINVAL, () -> mm.mprotect(at + 1, PAGE, true, true));
    assertErrno(Errno.ENOMEM, () -> mm.mprotect(at - PAGE, 2 * PAGE, true, false));
    assertThat(mm.vmas()).hasSize(1);
  }

  @Test
  void movedPagesAreTheSameAndKeepTheirOffsets() {
    long at = written(4);
    long pfn = pfnAt(at + 2 * PAGE);
    long to = mm.mmap(null, 16 * PAGE, 0, false, true);
    mm.store(to, (byte) 77);

    long now = mm.mremap(at + PAGE, 2 * PAGE, 3 * PAGE, Mm.MREMAP_MAYMOVE | Mm.MREMAP_FIXED, to);

    assertThat(now).isEqualTo(to);
    assertThat(pfnAt(to + PAGE)).isEqualTo(pfn);
    assertThat(mm.load(to)).isEqualTo((byte) 2);
    assertThat(mm.load(to + 2 * PAGE)).as("grown").isZero();
    assertThat(mm.load(at + 3 * PAGE)).isEqualTo((byte) 4);
    assertThatThrownBy(() -> mm.load(at + PAGE)).isInstanceOf(TaskSignal.class);
    assertThat(lab.pages.index(lab.record(pfn))).isEqualTo((at >>> 12) + 2);
  }

  @Test
  void withDontunmapTheOldPlaceStaysAndIsEmpty() {
    long at = written(2);
    long to = mm.mremap(at, 2 * PAGE, 2 * PAGE, Mm.MREMAP_MAYMOVE | Mm.MREMAP_DONTUNMAP, 0);
    assertThat(mm.load(to + PAGE)).isEqualTo((byte) 2);
    assertThat(mm.load(at + PAGE)).isZero();
    mm.store(at, (byte) 5);
    assertThat(mm.load(to)).isEqualTo((byte) 1);
  }

  @Test
  void mremapRefusesWhatDoesNotFit() {
    long at = written(2);
    int move = Mm.MREMAP_MAYMOVE;
    assertErrno(Errno.EINVAL, () -> mm.mremap(at + 1, PAGE, PAGE, move, 0));
    assertErrno(Errno.EINVAL, () -> mm.mremap(at, PAGE, 0, move, 0));
    assertErrno(Errno.EINVAL, () -> mm.mremap(at, PAGE, PAGE, Mm.MREMAP_FIXED, at + 64 * PAGE));
    assertErrno(Errno.EINVAL, () -> mm.mremap(at, PAGE, PAGE, move | Mm.MREMAP_FIXED, at));
    assertErrno(Errno.EINVAL, () -> mm.mremap(at, PAGE, 2 * PAGE, move | Mm.MREMAP_DONTUNMAP, 0));
    assertErrno(Errno.EFAULT, () -> mm.mremap(at, 3 * PAGE, 3 * PAGE, move, 0));
    assertErrno(Errno.ENOMEM, () -> mm.mremap(at, PAGE, 2 * PAGE, 0, 0));
    assertThat(mm.load(at + PAGE)).isEqualTo((byte) 2);
  }

  @Test
  void aHugeEntryOfADeviceMovesWholeToAnAlignedPlaceAndGoesAtAnyOther() {
    TestDevice device = device(2 * MIB);
    long at = mm.mmap(device.space, 4 * MIB, 0, true, true);
    mm.touch(at, 4 * MIB, (byte) 3);
    long aligned = 0x1000_0000_0000L;
    int flags = Mm.MREMAP_MAYMOVE | Mm.MREMAP_FIXED;

    mm.mremap(at, 4 * MIB, 4 * MIB, flags, aligned);
    Leaf leaf = mm.tables().find(aligned + 2 * MIB);
    assertThat(leaf.level()).isEqualTo(Geometry.PMD);
    assertThat(Pte.pfn(leaf.entry())).isEqualTo(device.pfn(512));
    assertThat(lab.count(device.pfn(512))).isEqualTo(2);

    mm.mremap(aligned, 4 * MIB, 4 * MIB, flags, aligned + 64 * MIB + PAGE);
    assertThat(lab.count(device.pfn(512))).as("no longer mapped").isEqualTo(1);
    assertThatThrownBy(() -> mm.load(aligned + 64 * MIB + PAGE)).isInstanceOf(TaskSignal.class);
  }

  @Test
  void aPartOfADevicesHugeEntryCannotMove() {
    TestDevice device = device(2 * MIB);
    long at = mm.mmap(device.space, 4 * MIB, 0, true, true);
    mm.touch(at, 4 * MIB, (byte) 3);
    assertErrno(Errno.EINVAL, () -> mm.mremap(at, PAGE, PAGE, Mm.MREMAP_MAYMOVE, 0));
    assertThat(mm.load(at)).isEqualTo((byte) 3);
  }

  @Test
  void whatIsNotNeededReadsAsZeroes() {
    long at = written(4);
    long free = lab.ram.freePages();
    mm.madvise(at + PAGE, 2 * PAGE, MemoryAdvice.DONTNEED);
    assertThat(lab.ram.freePages()).isEqualTo(free + 2);
    assertThat(mm.load(at + PAGE)).isZero();
    assertThat(mm.load(at + 3 * PAGE)).isEqualTo((byte) 4);
    assertErrno(Errno.ENOMEM, () -> mm.madvise(at, 8 * MIB, MemoryAdvice.DONTNEED));
  }

  @Test
  void freedPagesStayUntilSomeoneNeedsThem() {
    long at = written(2);
    mm.madvise(at, 2 * PAGE, MemoryAdvice.FREE);
    assertThat(Pte.isDirty(mm.tables().find(at).entry())).isFalse();
    assertThat(mm.load(at)).isEqualTo((byte) 1);
    TestDevice device = device(PAGE);
    long file = mm.mmap(device.space, PAGE, 0, true, true);
    assertErrno(Errno.EINVAL, () -> mm.madvise(file, PAGE, MemoryAdvice.FREE));
  }

  @Test
  void populatedMemoryIsThereBeforeItIsTouched() {
    long free = lab.ram.freePages();
    long at = mm.mmap(MapRequest.anonymous(8 * PAGE).populated());
    assertThat(lab.ram.freePages()).isEqualTo(free - 8);
    long read = mm.mmap(null, 2 * PAGE, 0, false, true);
    mm.madvise(read, 2 * PAGE, MemoryAdvice.POPULATE_READ);
    assertThat(pfnAt(read)).isEqualTo(lab.context.ordinary().zeroPfn());
    mm.madvise(read, PAGE, MemoryAdvice.POPULATE_WRITE);
    assertThat(pfnAt(read)).isNotEqualTo(lab.context.ordinary().zeroPfn());
    mm.mprotect(at, 8 * PAGE, true, false);
    assertErrno(Errno.EFAULT, () -> mm.madvise(at, PAGE, MemoryAdvice.POPULATE_WRITE));
  }

  @Test
  void aFixedMappingReplacesWhatIsThere() {
    long at = written(4);
    long start = mm.mmap(MapRequest.anonymous(2 * PAGE).at(at + PAGE));
    assertThat(start).isEqualTo(at + PAGE);
    assertThat(mm.vmas()).hasSize(3);
    assertThat(mm.load(at + PAGE)).isZero();
    assertThat(mm.load(at)).isEqualTo((byte) 1);
    assertErrno(Errno.EINVAL, () -> mm.mmap(MapRequest.anonymous(PAGE).at(at + 1)));
  }

  @Test
  void aForkLeavesOutWhatItIsToldTo() {
    long at = written(2);
    mm.madvise(at, PAGE, MemoryAdvice.DONTFORK);
    Task child = task.fork();
    assertThat(child.mm().vmas()).hasSize(1);
    assertThat(child.mm().load(at + PAGE)).isEqualTo((byte) 2);
    child.exit();
  }
}
