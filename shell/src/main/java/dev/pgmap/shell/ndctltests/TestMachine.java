package dev.pgmap.shell.ndctltests;

import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.dax.DaxRegion;
import dev.pgmap.core.dax.DevDax;
import dev.pgmap.core.machine.Invariants;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.machine.MachineSpec.Pmem;
import dev.pgmap.core.machine.MachineSpec.SoftReserved;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The machine that every test gets, as {@code nfit_test} and {@code cxl_test} are to the suite: a
 * region of 4 GiB of persistent memory at 16 GiB, one of 96 MiB behind it, and 1 GiB of dynamic dax
 * memory at 32 GiB ({@code dax2.0}).
 */
final class TestMachine {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  private TestMachine() {}

  /** What it is made of, with the cpus, the page tables and the era of another machine. */
  static MachineSpec like(MachineSpec other) {
    return new MachineSpec(
        other.nrCpus(),
        MachineSpec.ramOf(2 * GIB),
        List.of(
            new Pmem(PhysRange.ofLength(16 * GIB, 4 * GIB), null),
            new Pmem(PhysRange.ofLength(20 * GIB, 96 * MIB), null)),
        List.of(new SoftReserved(PhysRange.ofLength(32 * GIB, GIB), 2 * MIB)),
        other.geometry(),
        other.walker(),
        other.era());
  }

  /**
   * What has to be after a test as it was before: who has which addresses, how much RAM is free,
   * and the devices with their sizes.
   */
  static List<String> state(Machine machine) {
    List<String> state = new ArrayList<>();
    machine.resources().lines().forEach(line -> state.add(line.toString()));
    state.add("free pages of RAM: " + freePages(machine));
    machine
        .nvdimm()
        .regions()
        .forEach(region ->
            state.add(region + ": %d bytes available".formatted(region.availableBytes())));
    machine.daxBus().regions().forEach(region -> state.add(of(region)));
    return state;
  }

  /** The huge page of zeroes, once it is there, stays for good. */
  private static long freePages(Machine machine) {
    return machine.ram().freePages() + machine.mmContext().ordinary().hugePages().nrZeroPages();
  }

  private static String of(DaxRegion region) {
    return region.devices().stream()
        .map(device -> device + " " + of(device))
        .collect(
            Collectors.joining(
                ", ", "%s: %d available, ".formatted(region, region.availableBytes()), ""));
  }

  private static String of(DevDax device) {
    return "%d bytes, %s".formatted(device.bytes(), device.state().text());
  }

  /** What is wrong after a test; empty if nothing is. */
  static List<String> findings(Machine machine, List<String> before) {
    List<String> findings = new ArrayList<>(Invariants.checkIdle(machine));
    List<String> after = state(machine);
    before.stream()
        .filter(line -> !after.contains(line))
        .forEach(line -> findings.add("not as before any more: " + line));
    after.stream()
        .filter(line -> !before.contains(line))
        .forEach(line -> findings.add("not there before: " + line));
    return findings;
  }
}
