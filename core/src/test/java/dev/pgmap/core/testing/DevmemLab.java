package dev.pgmap.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.devmem.DeviceMemory;
import dev.pgmap.api.devmem.MirrorCommand;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.devmem.OpenDevice;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.Invariants;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.pgtable.Geometry;
import java.util.List;
import java.util.Map;

/**
 * A machine with devices that own memory, one task, and a mirror of it on a device.
 *
 * <p>Belongs to one test; its threads may use it. {@link #close} checks that nothing is left.
 */
public final class DevmemLab implements AutoCloseable {
  public static final long PAGE = 4096;

  public final Machine machine;
  public final TestDevmemDriver driver = new TestDevmemDriver();
  public final Task task;
  private final long freePages;
  private boolean warningsExpected;
  private long pagesLost;

  /** A machine of that era. */
  public DevmemLab(String era) {
    this(era, new PageRefs());
  }

  /** The same with counts that the test made. */
  public DevmemLab(String era, PageRefs refs) {
    MachineSpec spec =
        new MachineSpec(
            2,
            List.of(new PhysRange(0x1000, 0x9ffff), PhysRange.ofLength(1 << 20, 255L << 20)),
            List.of(new MachineSpec.Pmem(PhysRange.ofLength(12L << 30, 64L << 20), null)),
            List.of(),
            4,
            Era.named(era));
    machine = Machine.boot(spec, refs);
    freePages = machine.ram().freePages();
    machine.devmemBus().register(driver, Map.of());
    task = machine.newTask("test");
  }

  public Mm mm() {
    return task.mm();
  }

  /** Anonymous memory whose pages hold their number, plus one, in their first byte. */
  public long mapFilled(int npages) {
    long at = mm().mmap(null, npages * PAGE, 0, false, true);
    for (int i = 0; i < npages; i++) {
      mm().store(at + i * PAGE, (byte) (i + 1));
    }
    return at;
  }

  /** The memory of a device. */
  public DeviceMemory memory(int device) {
    return driver.memories.get(device);
  }

  public OpenDevice open(int device) {
    return open(device, task);
  }

  public OpenDevice open(int device, Task opener) {
    return machine.devmemBus().open("/dev/mirror" + device, opener.mm());
  }

  /** Runs a command on a range; the task's own buffer takes what is read. */
  public long[] command(OpenDevice file, MirrorCommand command, long address, int npages) {
    return command(file, command, address, npages, buffer(npages));
  }

  public long[] command(
      OpenDevice file, MirrorCommand command, long address, int npages, long buffer) {
    long[] words = {address, buffer, npages, 0, 0};
    file.ioctl(command.ordinal(), words);
    return words;
  }

  private long buffer(int npages) {
    return mm().mmap(null, npages * PAGE, 0, false, true);
  }

  /** The entry at an address. */
  public long entry(long address) {
    return mm().tables().entryAt(address, Geometry.PTE);
  }

  /** The test lets memory go from under pages that somebody holds. */
  public void expectLost(int npages) {
    pagesLost += npages;
    warningsExpected = true;
  }

  public void expectWarnings() {
    warningsExpected = true;
  }

  /** The kernel's warnings so far. */
  public List<String> warnings() {
    return machine.log().entries().stream()
        .filter(entry -> entry.level() != KernelLog.Level.INFO)
        .map(KernelLog.Entry::text)
        .toList();
  }

  /** Ends the task, unloads the driver, and checks that all is as it was at boot. */
  @Override
  public void close() {
    try {
      task.exit();
      assertThat(Invariants.check(machine)).isEmpty();
      long lost = 0;
      for (DeviceMemory memory : driver.memories) {
        lost += memory.allocated() - memory.returned();
      }
      assertThat(lost).as("pages that did not come back").isEqualTo(pagesLost);
      machine.devmemBus().unregister(driver.name());
      assertThat(Invariants.checkIdle(machine)).isEmpty();
      assertThat(machine.ram().freePages())
          .as("free pages of RAM")
          .isEqualTo(freePages - pagesLost);
      if (!warningsExpected) {
        assertThat(warnings()).isEmpty();
      }
    } finally {
      machine.close();
    }
  }
}
