package dev.pgmap.core.gup;

import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static dev.pgmap.core.testing.Failures.assertErrno;
import static dev.pgmap.core.testing.Mapping.GET;
import static dev.pgmap.core.testing.Mapping.PIN_FAST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.api.mm.FaultRequest;
import dev.pgmap.api.mm.MappableFile;
import dev.pgmap.api.mm.VmArea;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.mm.EngineFile;
import dev.pgmap.core.mm.Fault;
import dev.pgmap.core.mm.RemapFrames;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.mm.VmFlag;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Areas of frames that are no pages ({@code VM_PFNMAP}). */
class FrameMappingTest extends DevdaxTest {
  /** Frames of a pmem region that nobody has made pages of. */
  private static final long FRAME = 0x8_0000;

  /** A device that maps all of its frames when it is mapped. */
  private record Registers(long pfn) implements MappableFile {
    @Override
    public void mmap(VmArea vma) {
      RemapFrames.into(vma, vma.start(), pfn, vma.end() - vma.start());
    }

    @Override
    public int fault(FaultRequest fault) {
      return VmFault.SIGBUS;
    }

    @Override
    public long mappingAlignBytes() {
      return PAGE;
    }
  }

  /** A device that maps its frames by faults of one order. */
  private record Window(long pfn, int order) implements EngineFile {
    @Override
    public int handle(Fault fault) {
      long first = fault.pgoff() & -1L << order;
      return fault.order() == order ? fault.insertFrame(pfn + first) : VmFault.FALLBACK;
    }

    @Override
    public boolean mapsFrames() {
      return true;
    }

    @Override
    public long mappingAlignBytes(long bytes) {
      return 4096L << order;
    }

    @Override
    public long mappingAlignBytes() {
      return 4096L << order;
    }

    @Override
    public EntryHold holdEntry(long pgoff, BooleanSupplier wanted) {
      return EntryHold.NOTHING;
    }

    @Override
    public void mmap(VmArea vma) {}
  }

  @EachEra
  void whatADriverRemapsIsReadAndWrittenButNeverPinnedAndAForkHasItToo(String era) {
    DevdaxMachine m = boot(era);
    AddressSpace device = m.machine.addressSpaces().create("/dev/regs", new Registers(FRAME));
    Task task = m.machine.newTask("test");
    long at = task.mm().mmap(device, 4 * PAGE, 0, true, true);
    Mapping mapping = new Mapping(m.machine, task, at, 4 * PAGE);
    task.mm().store(at + PAGE, (byte) 7);

    assertThat(m.machine.memory().loadByte(FRAME + 1 << 12)).isEqualTo((byte) 7);
    assertThat(task.mm().vmas().getFirst().has(VmFlag.PFNMAP)).isTrue();
    assertErrno(Errno.EFAULT, () -> mapping.take(PIN_FAST, 0, 1, 0));
    assertErrno(Errno.EFAULT, () -> mapping.take(GET, 0, 1, 0));
    Task child = task.fork();
    child.mm().store(at + 2 * PAGE, (byte) 8);
    assertThat(task.mm().load(at + 2 * PAGE)).isEqualTo((byte) 8);
    child.exit();
    task.exit();
  }

  @ParameterizedTest
  @CsvSource({"0, 4096", "9, 2097152"})
  void framesCanBeFaultedInAtEachSize(int order, long bytes) {
    DevdaxMachine m = boot("7.2");
    AddressSpace device = m.machine.addressSpaces().create("/dev/win", new Window(FRAME, order));
    Task task = m.machine.newTask("test");
    long at = task.mm().mmap(device, 2 * MIB, 0, true, true);
    task.mm().store(at, (byte) 3);
    var leaf = task.mm().tables().find(at);
    assertThat(leaf.bytes()).isEqualTo(bytes);
    assertThat(Pte.isSpecial(leaf.entry())).isTrue();
    Mapping mapping = new Mapping(m.machine, task, at, 2 * MIB);
    assertErrno(Errno.EFAULT, () -> mapping.take(PIN_FAST, 0, 1, 0));
    task.exit();
  }

  @EachEra
  void whatDoesNotFitTheAreaIsRefusedAndNothingStays(String era) {
    DevdaxMachine m = boot(era);
    Task task = m.machine.newTask("test");
    AddressSpace device =
        m.machine.addressSpaces().create("/dev/bad", new Registers(Pte.PFN_END - 1));
    assertErrno(Errno.EINVAL, () -> task.mm().mmap(device, 2 * PAGE, 0, true, true));
    assertThat(task.mm().vmas()).isEmpty();
    task.exit();
  }
}
