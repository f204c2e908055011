package dev.pgmap.shell.machine;

import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.shell.format.Sizes;
import java.util.ArrayList;
import java.util.List;

/** A machine for people. */
final class MachineReport {
  private MachineReport() {}

  static List<String> lines(Machine machine) {
    MachineSpec spec = machine.spec();
    List<String> lines = new ArrayList<>();
    lines.add("era     %s: %s".formatted(spec.era().label(), spec.era().summary()));
    lines.add(
        "cpus    %d, page tables of %d levels: %s"
            .formatted(
                spec.nrCpus(), spec.geometry().nrTableLevels(), GeometryText.of(spec.geometry())));
    lines.add("ram     %s, %s free".formatted(ram(spec), Sizes.human(freeBytes(machine))));
    for (int i = 0; i < spec.pmem().size(); i++) {
      MachineSpec.Pmem pmem = spec.pmem().get(i);
      String where = pmem.file() == null ? "gone with the machine" : "in " + pmem.file();
      lines.add("pmem    region%d %s, %s".formatted(i, range(pmem.range()), where));
    }
    for (MachineSpec.SoftReserved reserved : spec.softReserved()) {
      lines.add(
          "dax     %s, align %s"
              .formatted(range(reserved.range()), Sizes.brief(reserved.alignBytes())));
    }
    return lines;
  }

  private static long freeBytes(Machine machine) {
    return machine.ram().freePages() << 12;
  }

  private static String ram(MachineSpec spec) {
    return Sizes.human(spec.ram().stream().mapToLong(PhysRange::bytes).sum());
  }

  private static String range(PhysRange range) {
    return "%s (%s)".formatted(range, Sizes.brief(range.bytes()));
  }
}
