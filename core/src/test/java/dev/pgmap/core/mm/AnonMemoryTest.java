package dev.pgmap.core.mm;

import static dev.pgmap.core.mm.MmLab.MIB;
import static dev.pgmap.core.mm.MmLab.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.page.RefWord;
import dev.pgmap.core.pgtable.Pte;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnonMemoryTest {
  private final MmLab lab = new MmLab(MappingPolicy.DEVMAP_ENTRIES);
  private final Task task = lab.task();
  private final Mm mm = task.mm();

  @AfterEach
  void close() {
    lab.close();
  }

  private long pfnAt(Mm of, long address) {
    return Pte.pfn(of.tables().find(address).entry());
  }

  @Test
  void whatIsStoredIsLoadedAndTheRestIsZero() {
    long at = mm.mmap(null, 8 * PAGE, 0, false, true);
    mm.store(at + 3 * PAGE + 11, (byte) 5);
    assertThat(mm.load(at + 3 * PAGE + 11)).isEqualTo((byte) 5);
    assertThat(mm.load(at + 3 * PAGE + 12)).isZero();
    assertThat(mm.load(at)).isZero();
  }

  @Test
  void aPageHasOneReferenceOneMapcountAndAnAnonymousMapping() {
    long at = mm.mmap(null, 8 * PAGE, 0, false, true);
    mm.store(at, (byte) 5);
    long rec = lab.record(pfnAt(mm, at));
    assertThat(lab.refs.count(rec)).isEqualTo(1);
    assertThat(lab.pages.mapcount(rec)).isZero();
    assertThat(lab.pages.isZoneDevice(rec)).isFalse();
    assertThat(AddressSpace.isAnonymous(lab.pages.mapping(rec))).isTrue();
    assertThat(lab.pages.index(rec)).isEqualTo(at >>> 12);
    assertThat(Pte.isDevmap(mm.tables().find(at).entry())).isFalse();
  }

  @Test
  void mappingsOfFilesAreNotAnonymous() {
    TestDevice device = lab.device(4 * MIB, PAGE);
    assertThat(AddressSpace.isAnonymous(device.space.id())).isFalse();
    assertThat(AddressSpace.isAnonymous(0)).isFalse();
    assertThat(lab.spaces.byMapping(device.space.id())).isSameAs(device.space);
  }

  @Test
  void unmappingAndExitGiveTheFramesBackZeroed() {
    long at = mm.mmap(null, 64 * PAGE, 0, false, true);
    mm.touch(at, 64 * PAGE, (byte) 7);
    long pfn = pfnAt(mm, at + 5 * PAGE);
    mm.munmap(at + 4 * PAGE, 8 * PAGE);
    assertThat(lab.memory.loadByte(pfn << 12)).isZero();
    assertThat(mm.load(at)).isEqualTo((byte) 7);
    task.exit();
    task.exit();
    lab.assertNothingLeft();
    assertThatThrownBy(() -> mm.mmap(null, PAGE, 0, false, true)).hasMessageContaining("exited");
  }

  @Test
  void aPageThatSomebodyHoldsOutlivesItsMapping() {
    long at = mm.mmap(null, PAGE, 0, false, true);
    mm.store(at, (byte) 9);
    long pfn = pfnAt(mm, at);
    assertThat(lab.refs.modUnless(pfn, lab.record(pfn), 1)).isTrue();
    mm.munmap(at, PAGE);
    assertThat(lab.memory.loadByte(pfn << 12)).isEqualTo((byte) 9);
    assertThat(lab.pages.mapcount(lab.record(pfn))).isEqualTo(-1);
    lab.context.put().put(pfn, 1);
    lab.assertNothingLeft();
  }

  @Test
  void aChildHasItsOwnCopy() {
    long at = mm.mmap(null, 8 * PAGE, 0, false, true);
    mm.store(at, (byte) 1);
    Task child = task.fork();
    assertThat(child.pid()).isNotEqualTo(task.pid());
    assertThat(child.mm().load(at)).isEqualTo((byte) 1);
    child.mm().store(at, (byte) 2);
    mm.store(at + PAGE, (byte) 3);
    assertThat(mm.load(at)).isEqualTo((byte) 1);
    assertThat(child.mm().load(at + PAGE)).isZero();
    assertThat(pfnAt(child.mm(), at)).isNotEqualTo(pfnAt(mm, at));
    assertThat(mm.writeProtectSeq()).isEqualTo(2);
    task.exit();
    assertThat(child.mm().load(at)).isEqualTo((byte) 2);
    child.exit();
    lab.assertNothingLeft();
  }

  @Test
  void aChildFaultsDevicePagesAfresh() {
    try (MmLab own = new MmLab(MappingPolicy.NORMAL_PAGES)) {
      TestDevice device = own.device(4 * MIB, 2 * MIB);
      Task parent = own.task();
      long at = parent.mm().mmap(device.space, 2 * MIB, 0, true, true);
      parent.mm().store(at, (byte) 1);
      Task child = parent.fork();
      assertThat(device.space.nrAreas()).isEqualTo(2);
      assertThat(own.count(device.pfn(0))).isEqualTo(2);
      assertThat(child.mm().load(at)).isEqualTo((byte) 1);
      assertThat(own.count(device.pfn(0))).isEqualTo(3);
      child.exit();
      parent.exit();
      assertThat(own.count(device.pfn(0))).isEqualTo(1);
      assertThat(device.space.nrAreas()).isZero();
    }
  }

  @Test
  void withoutRamAnAccessFailsAndAForkLeavesNoChild() {
    long bytes = (lab.ram.freePages() / 2 + 100) * PAGE;
    long at = mm.mmap(null, bytes, 0, false, true);
    mm.touch(at, bytes, (byte) 0);
    pin(at, bytes);
    long free = lab.ram.freePages();
    assertThatThrownBy(task::fork)
        .isInstanceOfSatisfying(
            MmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOMEM));
    assertThat(lab.ram.freePages()).isEqualTo(free);
    assertThat(mm.writeProtectSeq() & 1).isZero();
    long more = mm.mmap(null, bytes, 0, false, true);
    assertThatThrownBy(() -> mm.touch(more, bytes, (byte) 0))
        .isInstanceOfSatisfying(
            MmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOMEM));
    unpin(at, bytes);
    task.exit();
    lab.assertNothingLeft();
  }

  /** Pinned pages are copied by a fork, which needs RAM for that. */
  private void pin(long at, long bytes) {
    mm.setHasPinned();
    for (long page = at; page < at + bytes; page += PAGE) {
      long pfn = pfnAt(mm, page);
      lab.refs.mod(pfn, lab.record(pfn), RefWord.PIN_BIAS);
    }
  }

  private void unpin(long at, long bytes) {
    for (long page = at; page < at + bytes; page += PAGE) {
      long pfn = pfnAt(mm, page);
      lab.refs.mod(pfn, lab.record(pfn), -RefWord.PIN_BIAS);
    }
  }

  @Test
  void codeRunsInTheNameOfItsTask() {
    task.run(() -> assertThat(lab.sync.currentTask()).isEqualTo("test[101]"));
    assertThat(lab.sync.currentTask()).isEqualTo("kernel");
  }
}
