package dev.pgmap.plugins.devdax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.FaultRequest;
import dev.pgmap.api.mm.VmArea;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.pgmap.PhysRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DevDaxFileTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final long VA = 0x7f00_0000_0000L;

  private record Area(long start, long end, long pgoff, boolean isShared, boolean isWritable)
      implements VmArea {
    @Override
    public boolean isReadable() {
      return true;
    }
  }

  private static final class Fault implements FaultRequest {
    private final Area area;
    private final long address;
    private final int order;
    private long inserted = -1;

    Fault(Area area, long address, int order) {
      this.area = area;
      this.address = address;
      this.order = order;
    }

    @Override
    public VmArea vma() {
      return area;
    }

    @Override
    public long address() {
      return address;
    }

    @Override
    public int order() {
      return order;
    }

    @Override
    public boolean isWrite() {
      return true;
    }

    @Override
    public long pgoff() {
      return area.pgoff() + ((address - area.start()) >>> 12);
    }

    @Override
    public int insert(long pfn) {
      inserted = pfn;
      return VmFault.NOPAGE;
    }
  }

  private static FakeDevice device(long align) {
    return new FakeDevice(align, PhysRange.ofLength(4 * GIB, 2 * GIB));
  }

  private static Area shared(long bytes, long pgoff) {
    return new Area(VA, VA + bytes, pgoff, true, true);
  }

  @ParameterizedTest
  @CsvSource({
    // align, order of the fault, what comes of it
    "4096, 0, 256", "4096, 9, 2048", "4096, 18, 2048",
    "2097152, 0, 2", "2097152, 9, 256", "2097152, 18, 2048",
    "1073741824, 0, 2", "1073741824, 9, 2", "1073741824, 18, 256",
    "2097152, 4, 2",
  })
  void aDeviceIsMappedWithEntriesOfExactlyItsAlignment(long align, int order, int code) {
    Fault fault = new Fault(shared(2 * GIB, 0), VA + GIB + 5 * MIB, order);

    assertThat(new DevDaxFile(device(align)).fault(fault)).isEqualTo(code);
    assertThat(fault.inserted >= 0).isEqualTo(code == VmFault.NOPAGE);
  }

  @Test
  void theEntryIsTheAlignedBlockAroundTheAddress() {
    Fault fault = new Fault(shared(8 * MIB, 512), VA + 5 * MIB, 9);

    assertThat(new DevDaxFile(device(2 * MIB)).fault(fault)).isEqualTo(VmFault.NOPAGE);
    assertThat(fault.inserted).isEqualTo((4 * GIB + 2 * MIB + 4 * MIB) >>> 12);
  }

  @Test
  void aBlockOutsideTheDeviceOrAcrossTwoRangesIsSigbus() {
    FakeDevice twoRanges =
        new FakeDevice(
            2 * MIB, PhysRange.ofLength(4 * GIB, 3 * MIB), PhysRange.ofLength(8 * GIB, 3 * MIB));
    DevDaxFile file = new DevDaxFile(twoRanges);

    assertThat(file.fault(new Fault(shared(8 * MIB, 0), VA, 9))).isEqualTo(VmFault.NOPAGE);
    assertThat(file.fault(new Fault(shared(8 * MIB, 0), VA + 2 * MIB, 9)))
        .isEqualTo(VmFault.SIGBUS);
    assertThat(file.fault(new Fault(shared(8 * MIB, 0), VA + 6 * MIB, 9)))
        .isEqualTo(VmFault.SIGBUS);
  }

  @Test
  void aDeadDeviceAnswersSigbusAndRefusesMappings() {
    FakeDevice device = device(2 * MIB);
    device.alive = false;
    DevDaxFile file = new DevDaxFile(device);

    assertThat(file.fault(new Fault(shared(2 * MIB, 0), VA, 9))).isEqualTo(VmFault.SIGBUS);
    refuses(Errno.ENXIO, () -> file.mmap(shared(2 * MIB, 0)));
  }

  @Test
  void privateAndMisalignedMappingsAreRefused() {
    DevDaxFile file = new DevDaxFile(device(2 * MIB));

    file.mmap(shared(4 * MIB, 0));
    refuses(Errno.EINVAL, () -> file.mmap(new Area(VA, VA + 2 * MIB, 0, false, true)));
    refuses(Errno.EINVAL, () -> file.mmap(new Area(VA + 4096, VA + 2 * MIB, 0, true, true)));
    refuses(Errno.EINVAL, () -> file.mmap(shared(MIB, 0)));
  }

  @Test
  void anAreaIsSplitOnlyBetweenEntries() {
    DevDaxFile file = new DevDaxFile(device(2 * MIB));

    file.maySplit(shared(4 * MIB, 0), VA + 2 * MIB);
    refuses(Errno.EINVAL, () -> file.maySplit(shared(4 * MIB, 0), VA + 4096));
  }

  private static void refuses(
      Errno errno, org.assertj.core.api.ThrowableAssert.ThrowingCallable c) {
    assertThatExceptionOfType(MmException.class).isThrownBy(c).matches(e -> e.errno() == errno);
  }
}
