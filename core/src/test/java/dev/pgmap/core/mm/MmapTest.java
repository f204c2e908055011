package dev.pgmap.core.mm;

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
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MmapTest {
  private final MmLab lab = new MmLab(MappingPolicy.NORMAL_PAGES);
  private final Task task = lab.task();
  private final Mm mm = task.mm();

  @AfterEach
  void close() {
    task.exit();
    lab.close();
  }

  private static void refused(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(MmException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void mappingsGrowDownFromTheTopOfTheFirst47Bits(int levels) {
    try (MmLab own = new MmLab(MappingPolicy.NORMAL_PAGES, levels, 64 * MIB)) {
      Mm of = own.task().mm();
      assertThat(of.mmap(null, PAGE, 0, false, true)).isEqualTo(0x7fff_ffff_e000L);
      assertThat(of.mmap(null, 5, 0, false, true)).isEqualTo(0x7fff_ffff_d000L);
      TestDevice device = own.device(4 * MIB, 2 * MIB);
      assertThat(of.mmap(device.space, 2 * MIB, 0, true, true)).isEqualTo(0x7fff_ffc0_0000L);
      assertThat(of.mmap(null, PAGE, 0, false, true)).isEqualTo(0x7fff_ffff_c000L);
    }
  }

  @Test
  void whatTheFileRefusesLeavesNothingBehind() {
    TestDevice device = lab.device(4 * MIB, 2 * MIB);
    refused(Errno.EINVAL, () -> mm.mmap(device.space, 2 * MIB, 0, false, true));
    refused(Errno.EINVAL, () -> mm.mmap(device.space, PAGE, 0, true, true));
    refused(Errno.EINVAL, () -> mm.mmap(device.space, 2 * MIB, 1, true, true));
    assertThat(mm.vmas()).isEmpty();
    assertThat(device.space.nrAreas()).isZero();
  }

  @Test
  void badArgumentsAreRefused() {
    TestDevice device = lab.device(4 * MIB, PAGE);
    refused(Errno.EINVAL, () -> mm.mmap(null, 0, 0, false, true));
    refused(Errno.EINVAL, () -> mm.mmap(null, -1, 0, false, true));
    refused(Errno.EINVAL, () -> mm.mmap(device.space, PAGE, -1, true, true));
    refused(Errno.ENOMEM, () -> mm.mmap(null, Long.MAX_VALUE, 0, false, true));
    refused(Errno.ENOMEM, () -> mm.mmap(null, mm.taskSizeMax(), 0, false, true));
    refused(Errno.ENOMEM, () -> mm.mmapHugetlb(2 * MIB));
    refused(Errno.EINVAL, () -> mm.munmap(1, PAGE));
    refused(Errno.EINVAL, () -> mm.munmap(0, 0));
    refused(Errno.EINVAL, () -> mm.munmap(mm.taskSizeMax(), PAGE));
    refused(Errno.EINVAL, () -> mm.munmap(-PAGE, PAGE));
    refused(Errno.EINVAL, () -> mm.munmap(PAGE, Long.MAX_VALUE));
    assertThat(mm.vmas()).isEmpty();
  }

  @Test
  void privateMappingsAreTheFilesToAccept() {
    AddressSpace file = lab.spaces.create("/mnt/file", new LenientFile());
    TestDevice device = lab.device(4 * MIB, PAGE);
    refused(Errno.EINVAL, () -> mm.mmap(device.space, PAGE, 0, false, true));
    assertThat(mm.mmap(file, PAGE, 0, false, true)).isPositive();
    assertThat(mm.mmap(file, PAGE, 0, false, false)).isPositive();
  }

  @Test
  void unmappingWhereNothingIsMappedSucceeds() {
    mm.munmap(0x1000_0000, GIB);
    assertThat(mm.vmas()).isEmpty();
  }

  @Test
  void unmappingTheMiddleLeavesTwoAreasThatStillMapWhatTheyMapped() {
    TestDevice device = lab.device(16 * MIB, 2 * MIB);
    long at = mm.mmap(device.space, 12 * MIB, 512, true, true);
    for (int i = 0; i < 6; i++) {
      mm.store(at + i * 2 * MIB, (byte) i);
    }
    mm.munmap(at + 4 * MIB, 4 * MIB);
    assertThat(mm.vmas()).hasSize(2);
    assertThat(device.space.nrAreas()).isEqualTo(2);
    assertThat(mm.vmas().get(1).pgoff()).isEqualTo(512 + 4 * 512);
    assertThat(mm.load(at + 2 * MIB)).isEqualTo((byte) 1);
    assertThat(mm.load(at + 8 * MIB)).isEqualTo((byte) 4);
    assertThatThrownBy(() -> mm.load(at + 4 * MIB)).isInstanceOf(TaskSignal.class);
    assertThat(lab.count(device.pfn(3 * 512))).isEqualTo(1);
    assertThat(lab.count(device.pfn(5 * 512))).isEqualTo(2);
    mm.munmap(at, 12 * MIB);
    assertThat(mm.vmas()).isEmpty();
    assertThat(device.space.nrAreas()).isZero();
    assertThat(mm.tables().nrTables()).isEqualTo(1);
  }

  @Test
  void aSplitThatTheFileForbidsChangesNothing() {
    TestDevice device = lab.device(16 * MIB, 2 * MIB);
    long anon = mm.mmap(null, 2 * MIB, 0, false, true);
    long at = mm.mmap(device.space, 4 * MIB, 0, true, true);
    mm.load(at);
    mm.store(anon, (byte) 9);
    refused(Errno.EINVAL, () -> mm.munmap(at + PAGE, 2 * MIB));
    refused(Errno.EINVAL, () -> mm.munmap(at, PAGE));
    refused(Errno.EINVAL, () -> mm.munmap(at + 2 * MIB + PAGE, anon + PAGE - at - 2 * MIB));
    assertThat(mm.vmas()).hasSize(2);
    assertThat(mm.load(anon)).isEqualTo((byte) 9);
    assertThat(lab.count(device.pfn(0))).isEqualTo(2);
  }

  @Test
  void aSplitInsideAHugeEntryDropsTheEntryAndTheRestFaultsAgain() {
    TestDevice device = lab.device(16 * MIB, 2 * MIB);
    AddressSpace file = lab.spaces.create("/mnt/file", new LenientFile(device));
    long at = mm.mmap(file, 2 * MIB, 0, true, true);
    mm.load(at);
    assertThat(lab.count(device.pfn(0))).isEqualTo(2);
    mm.munmap(at + MIB, MIB);
    assertThat(lab.count(device.pfn(0))).isEqualTo(1);
    assertThat(mm.tables().find(at)).isNull();
    assertThat(mm.vmas()).hasSize(1);
  }

  @Test
  void oneUnmapTakesAreasOfAllKinds() {
    TestDevice device = lab.device(16 * MIB, 2 * MIB);
    long top = mm.mmap(null, 4 * PAGE, 0, false, true);
    long at = mm.mmap(device.space, 4 * MIB, 0, true, true);
    mm.touch(top, 4 * PAGE, (byte) 1);
    mm.touch(at, 4 * MIB, (byte) 0);
    mm.munmap(at, top + 4 * PAGE - at);
    assertThat(mm.vmas()).isEmpty();
    assertThat(mm.tables().nrTables()).isEqualTo(1);
    lab.pagemaps.memunmap(device.pgmap);
    lab.assertNothingLeft();
  }

  @Test
  void freedAddressesAreUsedAgainAlsoForLargerEntries() {
    TestDevice small = lab.device("/dev/dax0.0", MmLab.DEVICE_START, 4 * MIB, PAGE);
    TestDevice huge = lab.device("/dev/dax1.0", MmLab.DEVICE_START + GIB, 4 * MIB, 2 * MIB);
    for (int i = 0; i < 3; i++) {
      long at = mm.mmap(small.space, 4 * MIB, 0, true, true);
      mm.touch(at, 4 * MIB, (byte) 0);
      mm.munmap(at, 4 * MIB);
      long again = mm.mmap(huge.space, 4 * MIB, 0, true, true);
      mm.touch(again, 4 * MIB, (byte) 0);
      assertThat(mm.tables().find(again).level()).isEqualTo(1);
      mm.munmap(again, 4 * MIB);
    }
    assertThat(lab.log.entries()).isEmpty();
  }

  @Test
  void anAreaPrintsAsInProcMaps() {
    TestDevice device = lab.device(4 * MIB, 2 * MIB);
    mm.mmap(device.space, 2 * MIB, 512, true, true);
    mm.mmap(null, PAGE, 0, false, false);
    assertThat(mm.vmas().get(0)).hasToString("7fffffc00000-7fffffe00000 rw-s 00200000 /dev/dax0.0");
    assertThat(mm.vmas().get(1)).hasToString("7fffffffe000-7ffffffff000 r--p 00000000");
  }

  /** Allows everything; maps huge entries of a device if it was given one. */
  private record LenientFile(TestDevice device) implements MappableFile {
    LenientFile() {
      this(null);
    }

    @Override
    public void mmap(VmArea vma) {}

    @Override
    public int fault(FaultRequest fault) {
      return fault.order() == 9 ? fault.insert(device.pfn(0)) : VmFault.FALLBACK;
    }

    @Override
    public long mappingAlignBytes() {
      return 2 * MIB;
    }
  }
}
