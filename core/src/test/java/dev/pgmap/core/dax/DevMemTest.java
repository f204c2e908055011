package dev.pgmap.core.dax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.mm.TaskSignal;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.EachEra;
import org.junit.jupiter.api.Test;

/** {@code /dev/mem}: what may be mapped through it, and for how long. */
class DevMemTest extends DevdaxTest {
  private static final long BYTES = 2 << 20;
  private static final long REGION_0_PFN = 0x70000;

  private static long map(DevdaxMachine m, Task task, long pfn) {
    AddressSpace memory = m.machine.daxBus().nodes().open(DevMem.PATH);
    return task.mm().mmap(memory, BYTES, pfn, true, true);
  }

  private static void refused(DevdaxMachine m, long pfn) {
    Task task = m.machine.newTask("test");
    MmException e = catchThrowableOfType(MmException.class, () -> map(m, task, pfn));
    assertThat(e).isNotNull();
    assertThat(e.errno()).isEqualTo(Errno.EPERM);
    task.exit();
  }

  @Test
  void ramAndWhatADriverHasIsNotMapped() {
    DevdaxMachine m = boot("7.2");
    refused(m, 0x200);
    m.create(0, 2 << 20, MapLocation.MEM);
    refused(m, REGION_0_PFN);
    refused(m, REGION_0_PFN + 0x400);
  }

  @EachEra
  void aClaimTakesMappingsAwayAndThenTheirTasksGetSigbus(String era) {
    DevdaxMachine m = boot(era);
    Task task = m.machine.newTask("test");
    long claimed = map(m, task, REGION_0_PFN + 0x400);
    long other = map(m, task, 0x80000);
    task.mm().store(claimed, (byte) 7);
    task.mm().store(other, (byte) 7);
    m.create(0, 2 << 20, MapLocation.MEM);

    TaskSignal signal =
        catchThrowableOfType(TaskSignal.class, () -> task.mm().store(claimed, (byte) 8));
    assertThat(signal).isNotNull();
    assertThat(signal.signal()).isEqualTo(TaskSignal.SIGBUS);
    assertThat(task.mm().load(other)).isEqualTo((byte) 7);
    task.exit();
  }
}
