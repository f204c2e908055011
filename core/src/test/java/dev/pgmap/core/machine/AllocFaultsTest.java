package dev.pgmap.core.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.phys.AllocFaults;
import dev.pgmap.core.phys.AllocFaults.Site;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Out of memory at each allocation of an operation in turn: it fails as a whole, or gets by. */
class AllocFaultsTest extends DevdaxTest {
  /** How often an operation was made to fail, and how often it got by without the allocation. */
  private record Outcome(int failed, int gotBy) {}

  /** All that an operation may not change when it fails. */
  private static List<Object> state(DevdaxMachine lab) {
    Machine machine = lab.machine;
    return List.of(
        machine.ram().freePages(),
        machine.pagemaps().all(),
        machine.nvdimm().namespaces(),
        machine.resources().toString(),
        machine.vmstat().pinAcquired() - machine.vmstat().pinReleased());
  }

  /**
   * Fails the first allocation of a site, then the second, and so on, until the operation no longer
   * reaches so many; undoes it wherever it succeeds.
   */
  private static Outcome failEach(DevdaxMachine lab, Site site, Runnable operation, Runnable undo) {
    AllocFaults faults = lab.machine.ram().faults();
    int failed = 0;
    int gotBy = 0;
    for (int nth = 1; ; nth++) {
      List<Object> before = state(lab);
      faults.arm(site, nth);
      try {
        operation.run();
      } catch (MmException e) {
        failed++;
        assertThat(e.errno()).as("%s %d: %s", site, nth, e).isEqualTo(Errno.ENOMEM);
        assertThat(faults.armed(site)).isZero();
        assertThat(state(lab)).as("%s %d", site, nth).isEqualTo(before);
        assertThat(Invariants.check(lab.machine)).as("%s %d", site, nth).isEmpty();
        continue;
      }
      boolean wasReached = faults.armed(site) == 0;
      faults.disarm();
      undo.run();
      assertThat(state(lab)).as("%s %d, undone", site, nth).isEqualTo(before);
      if (!wasReached) {
        return new Outcome(failed, gotBy);
      }
      gotBy++;
    }
  }

  @EachEra
  void aNamespaceThatRunsOutOfMemoryAnywhereLeavesNothing(String era) {
    for (MapLocation map : MapLocation.values()) {
      DevdaxMachine lab = boot(era);
      lab.expectWarnings();
      Map<Site, Outcome> outcomes = new EnumMap<>(Site.class);
      for (Site site : List.of(Site.REF, Site.ARRAY, Site.SECTION, Site.MEMMAP)) {
        Runnable create = () -> lab.create(1, DevdaxMachine.PAGE, map);
        outcomes.put(site, failEach(lab, site, create, () -> lab.destroy(1)));
      }
      assertThat(outcomes.get(Site.REF)).isEqualTo(new Outcome(1, 0));
      assertThat(outcomes.get(Site.ARRAY)).isEqualTo(new Outcome(1, 0));
      assertThat(outcomes.get(Site.SECTION)).as("768 MiB").isEqualTo(new Outcome(6, 0));
      Outcome memmap = outcomes.get(Site.MEMMAP);
      if (map == MapLocation.DEV) {
        assertThat(memmap.failed()).as("an altmap has nothing else").isPositive();
      } else {
        assertThat(memmap).as("RAM falls back to small blocks").isEqualTo(new Outcome(0, 6));
      }
    }
  }

  @EachEra
  void aFaultThatRunsOutOfPageTablesLeavesNothingAndCanBeTriedAgain(String era) {
    for (long align : new long[] {DevdaxMachine.PAGE, 2 * DevdaxMachine.MIB}) {
      DevdaxMachine lab = boot(era);
      lab.create(0, align, MapLocation.MEM);
      int nrTables = align == DevdaxMachine.PAGE ? 3 : 2;
      List<Mapping> mapped = new ArrayList<>();
      Runnable touch =
          () -> {
            Mapping mapping = lab.map(0, align);
            mapped.add(mapping);
            mapping.touch();
          };

      Outcome outcome =
          failEach(lab, Site.PAGETABLE, touch, () -> mapped.forEach(m -> m.task().exit()));

      assertThat(outcome).isEqualTo(new Outcome(nrTables, 0));
      mapped.forEach(m -> m.task().exit());
      lab.destroy(0);
    }
  }

  @EachEra
  void aPinThatHasToFaultSaysEnomemAndPinsNothing(String era) {
    DevdaxMachine lab = boot(era);
    lab.create(0, 2 * DevdaxMachine.MIB, MapLocation.MEM);
    Mapping mapping = lab.map(0, 2 * DevdaxMachine.MIB);
    lab.machine.ram().faults().arm(Site.PAGETABLE, 1);

    Assertions.assertThatThrownBy(() -> mapping.take(Mapping.PIN_FAST, 0, 16, 1))
        .isInstanceOfSatisfying(
            MmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOMEM));

    mapping.unpin(mapping.take(Mapping.PIN_FAST, 0, 16, 1));
    mapping.task().exit();
  }

  @Test
  void whatIsArmedFailsOnceAndOnlyWhereItWasArmed() {
    AllocFaults faults = new AllocFaults();
    faults.arm(Site.PAGE, 2);
    faults.check(Site.PAGE);
    faults.check(Site.MEMMAP);
    Assertions.assertThatThrownBy(() -> faults.check(Site.PAGE))
        .hasMessageContaining("allocation of page: made to fail");
    faults.check(Site.PAGE);
    Assertions.assertThatThrownBy(() -> faults.arm(Site.PAGE, -1))
        .hasMessageContaining("1 for the next allocation");
    Assertions.assertThatThrownBy(() -> Site.named("memory"))
        .hasMessageContaining("one of ref, array, section, memmap");
  }
}
