package dev.pgmap.core.failure;

import static dev.pgmap.core.testing.Failures.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.api.mm.RamFault;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.Pagemap;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.failure.FailurePolicies.Rule;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.Invariants;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.testing.EachEra;
import java.util.ArrayList;
import java.util.List;

/** A failing page of each memory type that no file maps: which errno, and nothing else changes. */
class FailureByTypeTest {
  private static final long START = 16L << 30;
  private static final long BYTES = 4L << 20;

  private static final class Ops implements DevPagemapOps {
    private final List<Long> asked = new ArrayList<>();
    private int answer = -Errno.EOPNOTSUPP.number();

    @Override
    public void pageFree(Pagemap pgmap, long pfn) {}

    @Override
    public int migrateToRam(RamFault fault) {
      return 0;
    }

    @Override
    public int memoryFailure(Pagemap pgmap, long pfn, long nrPages, int mfFlags) {
      asked.add(pfn);
      return answer;
    }
  }

  private static Machine boot(Era era) {
    return Machine.boot(
        new MachineSpec(
            1,
            MachineSpec.ramOf(256L << 20),
            List.of(),
            List.of(new MachineSpec.SoftReserved(PhysRange.ofLength(START, BYTES), 2L << 20)),
            4,
            era));
  }

  @EachEra
  void aPageThatNoFileMapsIsRefusedByItsType(String name) {
    Era era = Era.named(name);
    for (MemoryType type : era.pagemap().types()) {
      try (Machine machine = boot(era)) {
        Ops ops = new Ops();
        DevPagemap pgmap =
            machine
                .pagemaps()
                .memremap(
                    new PagemapSpec(
                        "dev0", type, List.of(PhysRange.ofLength(START, BYTES)), 0, null, "owner"),
                    ops);
        long pfn = pgmap.pfnFirst(0) + 3;
        boolean owned = type == MemoryType.PRIVATE || type == MemoryType.COHERENT;
        boolean known = era.failure().rules().contains(Rule.KNOWS_DEVICE_OWNED);

        assertErrno(
            owned && known ? Errno.ENXIO : Errno.EBUSY,
            () -> machine.memoryFailure().fail(pfn, 0, null));
        assertErrno(Errno.EIO, () -> machine.memoryFailure().softOffline(pfn, 0));

        long rec = machine.structPages().record(pfn);
        assertThat(machine.structPages().testFlag(rec, PageFlag.HWPOISON))
            .as("%s in %s", type, name)
            .isFalse();
        assertThat(ops.asked).hasSize(era.failure().rules().contains(Rule.ASKS_DRIVER) ? 1 : 0);
        assertThat(Invariants.checkIdle(machine)).isEmpty();

        ops.answer = 0;
        if (era.failure().rules().contains(Rule.ASKS_DRIVER)) {
          machine.memoryFailure().fail(pfn, 0, null);
          assertThat(machine.log().entries().getLast().text()).endsWith("dax page: Recovered");
        }
        machine.pagemaps().memunmap(pgmap);
      }
    }
  }
}
