package dev.pgmap.core.mm;

import static dev.pgmap.core.mm.MmLab.DEVICE_START;
import static dev.pgmap.core.mm.MmLab.GIB;
import static dev.pgmap.core.mm.MmLab.MIB;
import static dev.pgmap.core.mm.MmLab.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.FaultRequest;
import dev.pgmap.api.mm.MappableFile;
import dev.pgmap.api.mm.VmArea;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.Leaf;
import dev.pgmap.core.pgtable.Pte;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {
  private final MmLab lab = new MmLab(MappingPolicy.NORMAL_PAGES);
  private final Task task = lab.task();
  private final Mm mm = task.mm();

  @AfterEach
  void close() {
    task.exit();
    lab.close();
  }

  /** A file with a fault handler of the test's own, that notes the orders it is asked for. */
  private record Handler(long align, List<Integer> orders, ToIntFunction<FaultRequest> code)
      implements MappableFile {
    @Override
    public void mmap(VmArea vma) {}

    @Override
    public int fault(FaultRequest fault) {
      orders.add(fault.order());
      return code.applyAsInt(fault);
    }

    @Override
    public long mappingAlignBytes() {
      return align;
    }
  }

  private long map(long align, long bytes, List<Integer> orders, ToIntFunction<FaultRequest> f) {
    AddressSpace file = lab.spaces.create("/dev/test", new Handler(align, orders, f));
    return mm.mmap(file, bytes, 0, true, true);
  }

  private static void signalled(int signal, long address, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TaskSignal.class,
            e -> {
              assertThat(e.signal()).isEqualTo(signal);
              assertThat(e.address()).isEqualTo(address);
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void aDeviceIsMappedWithEntriesOfItsAlignment(int levels) {
    long[] aligns = {PAGE, 2 * MIB, GIB};
    for (int level = 0; level < 3; level++) {
      try (MmLab own = new MmLab(MappingPolicy.NORMAL_PAGES, levels, 64 * MIB)) {
        TestDevice device = own.device(2 * GIB, aligns[level]);
        Mm of = own.task().mm();
        long at = of.mmap(device.space, 2 * GIB, 0, true, true);
        assertThat(at % aligns[level]).isZero();
        of.store(at + GIB + 5, (byte) 42);
        Leaf leaf = of.tables().find(at + GIB);
        assertThat(leaf.level()).isEqualTo(level);
        assertThat(leaf.pfnOf(at + GIB)).isEqualTo(device.pfn(GIB >> 12));
        assertThat(own.memory.loadByte(DEVICE_START + GIB + 5)).isEqualTo((byte) 42);
        assertThat(of.load(at + GIB + 5)).isEqualTo((byte) 42);
      }
    }
  }

  @Test
  void sizesAreTriedFromTheLargestDownWhereTheBlockLiesInTheArea() {
    List<Integer> orders = new ArrayList<>();
    long at = map(GIB, GIB + 2 * MIB + PAGE, orders, f -> VmFault.FALLBACK);
    mm.handleFault(at + 5, false);
    assertThat(orders).containsExactly(18, 9, 0);
    orders.clear();
    mm.handleFault(at + GIB, false);
    assertThat(orders).containsExactly(9, 0);
    orders.clear();
    assertThat(mm.handleFault(at + GIB + 2 * MIB, false)).isEqualTo(VmFault.SIGBUS);
    assertThat(orders).containsExactly(0);
  }

  @Test
  void aSizeIsNotTriedWhereATableStands() {
    TestDevice device = lab.device(4 * MIB, PAGE);
    List<Integer> orders = new ArrayList<>();
    ToIntFunction<FaultRequest> f =
        r -> r.order() == 0 ? r.insert(device.pfn(r.pgoff())) : VmFault.FALLBACK;
    long at = map(2 * MIB, 2 * MIB, orders, f);
    mm.load(at);
    orders.clear();
    mm.load(at + PAGE);
    assertThat(orders).containsExactly(0);
  }

  @Test
  void theFirstAnswerThatIsNotFallbackEndsTheFault() {
    List<Integer> orders = new ArrayList<>();
    long at = map(GIB, GIB, orders, f -> f.order() == 9 ? VmFault.SIGBUS : VmFault.FALLBACK);
    assertThat(mm.handleFault(at, true)).isEqualTo(VmFault.SIGBUS);
    assertThat(orders).containsExactly(18, 9);
    signalled(TaskSignal.SIGBUS, at + 7, () -> mm.load(at + 7));
  }

  @Test
  void theRequestSaysWhatWasTouched() {
    List<String> seen = new ArrayList<>();
    ToIntFunction<FaultRequest> f =
        r -> {
          seen.add("%x %d %b %d".formatted(r.address(), r.order(), r.isWrite(), r.pgoff()));
          assertThat(r.vma().pgoff()).isZero();
          return VmFault.SIGBUS;
        };
    long at = map(PAGE, 8 * PAGE, new ArrayList<>(), f);
    mm.handleFault(at + 3 * PAGE + 17, true);
    assertThat(seen).containsExactly("%x 0 true 3".formatted(at + 3 * PAGE));
  }

  @Test
  void aFaultWhereNothingIsMappedIsSigsegv() {
    long at = mm.mmap(null, PAGE, 0, false, true);
    signalled(TaskSignal.SIGSEGV, at - 1, () -> mm.load(at - 1));
    signalled(TaskSignal.SIGSEGV, at + PAGE, () -> mm.store(at + PAGE, (byte) 1));
    signalled(TaskSignal.SIGSEGV, 0, () -> mm.load(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void addressesOutsideUserSpaceNeverAliasIntoIt(int levels) {
    try (MmLab own = new MmLab(MappingPolicy.NORMAL_PAGES, levels, 64 * MIB)) {
      Mm of = own.task().mm();
      long at = of.mmap(null, PAGE, 0, false, true);
      of.store(at, (byte) 1);
      for (long outside : new long[] {at | 1L << 57, at | 1L << 63, -1, of.taskSizeMax()}) {
        signalled(TaskSignal.SIGSEGV, outside, () -> of.load(outside));
        assertThat(of.tables().find(outside)).isNull();
      }
    }
  }

  @Test
  void accessThatTheAreaDoesNotAllowIsSigsegv() {
    TestDevice device = lab.device(4 * MIB, PAGE);
    long readOnly = mm.mmap(device.space, PAGE, 0, true, false);
    assertThat(mm.load(readOnly)).isZero();
    signalled(TaskSignal.SIGSEGV, readOnly, () -> mm.store(readOnly, (byte) 1));
    assertThatThrownBy(() -> mm.store(readOnly, (byte) 1)).hasMessageContaining("writing");
    long none = mm.mmapNoAccess(device.space, PAGE, 0, true);
    signalled(TaskSignal.SIGSEGV, none, () -> mm.load(none));
  }

  @Test
  void anAddressBeyondTheDeviceIsSigbus() {
    TestDevice device = lab.device(4 * MIB, 2 * MIB);
    long at = mm.mmap(device.space, 4 * MIB, 2 * MIB >> 12, true, true);
    mm.store(at, (byte) 1);
    signalled(TaskSignal.SIGBUS, at + 2 * MIB, () -> mm.load(at + 2 * MIB));
    assertThatThrownBy(() -> mm.load(at + 2 * MIB)).hasMessageContaining("/dev/dax0.0");
  }

  @Test
  void loadsAndStoresLeaveTheirMarksInTheEntry() {
    TestDevice device = lab.device(4 * MIB, 2 * MIB);
    long at = mm.mmap(device.space, 4 * MIB, 0, true, true);
    mm.load(at);
    long read = mm.tables().find(at).entry();
    assertThat(Pte.isAccessed(read)).isTrue();
    assertThat(Pte.isDirty(read)).isFalse();
    assertThat(Pte.isWritable(read)).isTrue();
    mm.store(at + 1, (byte) 1);
    assertThat(mm.tables().find(at).entry()).isEqualTo(read | Pte.DIRTY);
    assertThat(device.ordersTried).containsExactly(9);
  }

  @Test
  void insertingThePageThatIsThereUpgradesAndAnotherOneWarns() {
    TestDevice device = lab.device(4 * MIB, PAGE);
    List<FaultRequest> requests = new ArrayList<>();
    long at =
        map(PAGE, PAGE, new ArrayList<>(), r -> requests.add(r) ? r.insert(device.pfn(1)) : 0);
    mm.handleFault(at, false);
    long entry = mm.tables().find(at).entry();
    AddressSpace space = mm.vmas().getFirst().file();
    Fault again = new Fault(mm.vmas().getFirst(), space, at, Geometry.PTE, true, false);
    assertThat(again.insert(device.pfn(1))).isEqualTo(VmFault.NOPAGE);
    assertThat(mm.tables().find(at).entry()).isEqualTo(entry | Pte.DIRTY);
    assertThat(lab.log.nrWarnings()).isZero();
    assertThat(again.insert(device.pfn(2))).isEqualTo(VmFault.NOPAGE);
    assertThat(lab.log.nrWarnings()).isEqualTo(1);
    assertThat(Pte.pfn(mm.tables().find(at).entry())).isEqualTo(device.pfn(1));
    assertThat(lab.count(device.pfn(1))).isEqualTo(2);
    assertThat(lab.count(device.pfn(2))).isEqualTo(1);
  }

  @Test
  void aMisalignedPageIsTheHandlersErrorAndMapsNothing() {
    TestDevice device = lab.device(4 * MIB, 2 * MIB);
    long at =
        map(2 * MIB, 2 * MIB, new ArrayList<>(), r -> r.insert(device.pfn(r.order() == 9 ? 1 : 0)));
    assertThatThrownBy(() -> mm.load(at))
        .isInstanceOfSatisfying(
            MmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
    assertThat(mm.tables().find(at)).isNull();
    assertThat(lab.pages.mapping(lab.record(device.pfn(0)))).isZero();
  }

  @Test
  void aFolioOfAnotherSizeThanTheEntryWarnsAndIsSigbus() {
    TestDevice device = lab.device(4 * MIB, 2 * MIB);
    long at = map(PAGE, PAGE, new ArrayList<>(), r -> r.insert(device.pfn(0)));
    signalled(TaskSignal.SIGBUS, at, () -> mm.load(at));
    assertThat(lab.log.nrWarnings()).isEqualTo(1);
    assertThat(lab.count(device.pfn(0))).isEqualTo(1);
  }

  @Test
  void aPageWithoutStructPageIsRefused() {
    long at = map(PAGE, PAGE, new ArrayList<>(), r -> r.insert((200 * GIB) >> 12));
    assertThatThrownBy(() -> mm.load(at))
        .isInstanceOf(MmException.class)
        .hasMessageContaining("no struct page");
    assertThat(mm.tables().find(at)).isNull();
  }

  @Test
  void aHandlerThatOnlyPretendsIsNotWaitedForForever() {
    long at = map(PAGE, PAGE, new ArrayList<>(), r -> VmFault.NOPAGE);
    signalled(TaskSignal.SIGBUS, at, () -> mm.load(at));
  }

  @Test
  void aHandlerThatThrowsLeavesNoLockBehind() {
    long at =
        map(
            PAGE,
            PAGE,
            new ArrayList<>(),
            r -> {
              throw new IllegalStateException("broken driver");
            });
    assertThatThrownBy(() -> mm.load(at)).hasMessage("broken driver");
    mm.vmas().getFirst().file().unmapMappingRange();
    mm.munmap(at, PAGE);
    assertThat(mm.vmas()).isEmpty();
  }
}
