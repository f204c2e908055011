package dev.pgmap.core.p2pdma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.mm.TaskSignal;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.phys.AllocFaults.Site;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.EachEra;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Memory behind a BAR: given struct pages, handed out, mapped, and taken away. */
class P2pDeviceTest extends DevdaxTest {
  private static final String NAME = "0000:01:00.0";
  private static final long SIZE = 4 * DevdaxMachine.MIB;
  private static final PhysRange MEMORY = PhysRange.ofLength(0xe000_0000L, SIZE);
  private static final PciBar PORTS = new PciBar(0, PhysRange.ofLength(0x3000, 256), false);

  private static P2pDevice plug(DevdaxMachine lab) {
    return lab.machine.p2pBus().plug(NAME, List.of(PORTS, new PciBar(4, MEMORY, true)));
  }

  private static void assertErrno(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MmException.class, e -> assertThat(e.errno()).as(e.getMessage()).isEqualTo(errno));
  }

  private static DevPagemap onlyPagemap(DevdaxMachine lab) {
    assertThat(lab.machine.pagemaps().all()).hasSize(1);
    return lab.machine.pagemaps().all().getFirst();
  }

  private static boolean mapsToUsers(DevdaxMachine lab) {
    return lab.machine.pagemaps().policies().scheme().isTold(MemoryType.PCI_P2PDMA);
  }

  @EachEra
  void anAllocationOfTheKernelHoldsThePagemapUntilItIsFreed(String era) {
    DevdaxMachine lab = boot(era);
    P2pDevice device = plug(lab);
    device.addResource(4, 0, 0);
    long before = onlyPagemap(lab).refCount();

    long address = device.alloc(10_000);

    assertThat(address).isEqualTo(MEMORY.start());
    assertThat(device.availableBytes()).isEqualTo(SIZE - 3 * 4096);
    assertThat(onlyPagemap(lab).refCount()).isEqualTo(before + 1);
    assertErrno(Errno.ENOMEM, () -> device.alloc(SIZE));
    device.free(address, 10_000);
    assertThat(device.availableBytes()).isEqualTo(device.bytes());
    assertThat(onlyPagemap(lab).refCount()).isEqualTo(before);
    lab.machine.p2pBus().unplug(NAME);
    assertThat(lab.machine.pagemaps().all()).isEmpty();
  }

  @EachEra
  void aMappingAllocatesAndTheLastUserOfEachPageGivesItBack(String era) {
    DevdaxMachine lab = boot(era);
    P2pDevice device = plug(lab);
    device.addResource(4, 2 * DevdaxMachine.MIB, 2 * DevdaxMachine.MIB);
    Task task = lab.machine.newTask("peer");
    Mm mm = task.mm();
    if (!mapsToUsers(lab)) {
      assertErrno(Errno.EOPNOTSUPP, () -> mm.mmap(device.file(), 4096, 0, true, true));
      task.exit();
      lab.machine.p2pBus().unplug(NAME);
      return;
    }
    long before = onlyPagemap(lab).refCount();

    long at = mm.mmap(device.file(), 8 * 4096, 0, true, true);

    long pfn = MEMORY.firstPfn() + 512;
    assertThat(lab.count(pfn)).isEqualTo(1);
    assertThat(onlyPagemap(lab).refCount()).isEqualTo(before + 8);
    mm.store(at, (byte) 7);
    assertThat(lab.machine.memory().loadByte(MEMORY.start() + 2 * DevdaxMachine.MIB))
        .isEqualTo((byte) 7);
    mm.munmap(at, 4096);
    assertThat(device.availableBytes()).isEqualTo(device.bytes() - 7 * 4096);
    task.exit();
    assertThat(device.availableBytes()).isEqualTo(device.bytes());
    assertThat(onlyPagemap(lab).refCount()).isEqualTo(before);
    lab.machine.p2pBus().unplug(NAME);
  }

  @Test
  void whatCannotBeMappedIsRefusedAndLeavesThePoolAsItWas() {
    DevdaxMachine lab = boot("7.2");
    P2pDevice device = plug(lab);
    Task task = lab.machine.newTask("peer");
    Mm mm = task.mm();
    assertErrno(Errno.ENODEV, () -> mm.mmap(device.file(), 4096, 0, true, true));
    device.addResource(4, 0, 0);

    assertErrno(Errno.EINVAL, () -> mm.mmap(device.file(), 4096, 0, false, false));
    assertErrno(Errno.EINVAL, () -> mm.mmap(device.file(), 4096, 1, true, true));
    assertErrno(Errno.ENOMEM, () -> mm.mmap(device.file(), SIZE + 4096, 0, true, true));
    for (int nth = 1; nth <= 5; nth++) {
      lab.machine.ram().faults().arm(Site.PAGETABLE, nth);
      Task other = lab.machine.newTask("peer");
      assertErrno(Errno.ENOMEM, () -> other.mm().mmap(device.file(), 1025 * 4096, 0, true, true));
      other.exit();
      assertThat(device.availableBytes())
          .as("table %d of 5, after the fourth some pages are mapped", nth)
          .isEqualTo(device.bytes());
    }
    task.exit();
    lab.machine.p2pBus().unplug(NAME);
  }

  @Test
  void aBarThatDoesNotFitIsEinvalAndTheDeviceIsAsItWas() {
    DevdaxMachine lab = boot("7.2");
    P2pDevice device = plug(lab);

    assertErrno(Errno.EINVAL, () -> device.addResource(0, 0, 0));
    assertErrno(Errno.EINVAL, () -> device.addResource(1, 0, 0));
    assertErrno(Errno.EINVAL, () -> device.addResource(4, 0, SIZE));
    assertErrno(Errno.EINVAL, () -> device.addResource(4, SIZE, 4096));
    assertErrno(Errno.EINVAL, () -> device.addResource(4, 0, -1));
    assertErrno(Errno.EEXIST, () -> plug(lab));
    PciBar taken = new PciBar(0, MEMORY, true);
    assertErrno(Errno.EBUSY, () -> lab.machine.p2pBus().plug("0000:02:00.0", List.of(taken)));
    assertErrno(Errno.ENODEV, () -> lab.machine.p2pBus().unplug("0000:02:00.0"));

    assertThat(device.bytes()).isZero();
    assertThat(lab.machine.pagemaps().all()).isEmpty();
    lab.machine.p2pBus().unplug(NAME);
  }

  @Test
  void unpluggingUnmapsWaitsForHoldersAndLeavesDeadMappings() throws Exception {
    DevdaxMachine lab = boot("7.2");
    P2pDevice device = plug(lab);
    device.addResource(4, 0, 0);
    Task task = lab.machine.newTask("peer");
    long at = task.mm().mmap(device.file(), 4 * 4096, 0, true, true);
    long held = device.alloc(4096);
    CountDownLatch gone = new CountDownLatch(1);
    Thread unplug =
        Thread.ofPlatform()
            .start(() -> {
              lab.machine.p2pBus().unplug(NAME);
              gone.countDown();
            });
    try {
      assertThat(gone.await(100, TimeUnit.MILLISECONDS)).isFalse();
      assertThatThrownBy(() -> task.mm().load(at)).isInstanceOf(TaskSignal.class);
    } finally {
      device.free(held, 4096);
      unplug.join();
    }
    assertThat(lab.machine.pagemaps().all()).isEmpty();
    task.exit();
  }
}
