package dev.pgmap.core.machine;

import static dev.pgmap.core.testing.DevdaxMachine.GIB;
import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.Failures.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.machine.MachineSpec.Pmem;
import dev.pgmap.core.machine.MachineSpec.SoftReserved;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a machine may be made of. */
class MachineSpecTest {
  private static final List<PhysRange> RAM = List.of(PhysRange.ofLength(0, 64 * MIB));

  private static MachineSpec spec(List<PhysRange> ram, List<PhysRange> pmem, List<PhysRange> dax) {
    return new MachineSpec(
        2,
        ram,
        pmem.stream().map(range -> new Pmem(range, null)).toList(),
        dax.stream().map(range -> new SoftReserved(range, 2 * MIB)).toList(),
        4,
        Era.V7_2);
  }

  private static void assertRefused(Runnable spec, String... parts) {
    assertThat(assertErrno(Errno.EINVAL, spec)).hasMessageContainingAll(parts);
  }

  @Test
  void numbersMustBeInRange() {
    assertRefused(
        () -> new MachineSpec(0, RAM, List.of(), List.of(), 4, Era.V7_2),
        "machine: cpus: 0, expected 1 to 1024");
    assertRefused(
        () -> new MachineSpec(1025, RAM, List.of(), List.of(), 4, Era.V7_2), "cpus: 1025");
    assertRefused(
        () -> new MachineSpec(1, RAM, List.of(), List.of(), 3, Era.V7_2),
        "machine: levels: 3, expected 4 or 5");
    assertRefused(() -> new MachineSpec(1, RAM, List.of(), List.of(), 6, Era.V7_2), "levels: 6");
    assertThat(new MachineSpec(1024, RAM, List.of(), List.of(), 5, Era.V5_10).nrCpus())
        .isEqualTo(1024);
  }

  @Test
  void thereMustBeRam() {
    assertRefused(
        () -> spec(List.of(), List.of(), List.of()),
        "machine: ram: none, expected at least one range");
  }

  @Test
  void partsMustBeWholePages() {
    assertRefused(
        () -> spec(List.of(PhysRange.ofLength(1, 4096)), List.of(), List.of()),
        "machine: ram 0",
        "[0x1-0x1000]",
        "multiples of 4096");
    assertRefused(
        () -> spec(RAM, List.of(PhysRange.ofLength(GIB, 4097)), List.of()), "machine: pmem 0");
    assertRefused(
        () -> spec(RAM, List.of(), List.of(PhysRange.ofLength(GIB + 512, 4096))), "machine: dax 0");
  }

  @Test
  void partsMustEndBelowTheAddressableEnd() {
    assertRefused(
        () -> spec(RAM, List.of(PhysRange.ofLength((1L << 46) - GIB, GIB + 4096)), List.of()),
        "machine: pmem 0",
        "an end below 64 TiB");
    assertThat(
            spec(RAM, List.of(PhysRange.ofLength((1L << 46) - GIB, GIB)), List.of()).endAddress())
        .isEqualTo(1L << 46);
  }

  @Test
  void partsMustNotOverlap() {
    assertRefused(
        () -> spec(RAM, List.of(PhysRange.ofLength(32 * MIB, MIB)), List.of()),
        "machine: pmem 0 [0x2000000-0x20fffff]",
        "overlaps ram 0 [0x0-0x3ffffff]",
        "parts that do not overlap");
    assertRefused(
        () ->
            spec(
                RAM,
                List.of(PhysRange.ofLength(GIB, GIB)),
                List.of(PhysRange.ofLength(2 * GIB - 4096, GIB))),
        "dax 0",
        "overlaps pmem 0");
    assertRefused(
        () -> spec(List.of(RAM.getFirst(), RAM.getFirst()), List.of(), List.of()), "overlaps ram");
    assertThat(spec(RAM, List.of(PhysRange.ofLength(64 * MIB, GIB)), List.of()).pmem()).hasSize(1);
  }

  @Test
  void itKeepsCopiesOfItsLists() {
    List<PhysRange> ram = new ArrayList<>(RAM);
    MachineSpec spec = spec(ram, List.of(), List.of());

    ram.clear();

    assertThat(spec.ram()).isEqualTo(RAM);
  }

  @Test
  void ramIsLaidOutAsInAPc() {
    assertThat(MachineSpec.ramOf(4 * GIB))
        .containsExactly(
            new PhysRange(0x1000, 0x9ffff),
            new PhysRange(MIB, 3 * GIB - 1),
            new PhysRange(4 * GIB, 5 * GIB - 1));
    assertThat(MachineSpec.ramOf(GIB)).hasSize(2).last().isEqualTo(new PhysRange(MIB, GIB - 1));
    assertThat(MachineSpec.ramOf(3 * GIB)).hasSize(2);
  }

  @Test
  void ramThatDoesNotReachAboveTheFirstMebibyteIsRefused() {
    assertRefused(() -> MachineSpec.ramOf(MIB), "machine: ram", "more than 1 MiB");
    assertRefused(() -> MachineSpec.ramOf(0), "machine: ram");
    assertRefused(() -> MachineSpec.ramOf(-1), "machine: ram");
  }

  @Test
  void theStandardMachineIsTheOneOfTheGuide() {
    MachineSpec standard = MachineSpec.standard();

    assertThat(standard.nrCpus()).isEqualTo(2);
    assertThat(standard.era()).isEqualTo(Era.V7_2);
    assertThat(standard.pmem())
        .containsExactly(new Pmem(PhysRange.ofLength(16 * GIB, 256 * GIB), null));
    assertThat(standard.withEra(Era.V5_10).pmem()).isEqualTo(standard.pmem());
    assertThat(standard.withEra(Era.V5_10).era()).isEqualTo(Era.V5_10);
    assertThat(standard.endAddress()).isEqualTo(272 * GIB);
  }
}
