package dev.pgmap.core.testing;

import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.page.PageRefs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/**
 * Tests with device-dax machines: after each test every machine that it booted must be idle and
 * sound.
 */
public abstract class DevdaxTest {
  private final List<DevdaxMachine> machines = new ArrayList<>();

  /** Boots a machine of the era of that name. */
  protected DevdaxMachine boot(String era) {
    return boot(DevdaxMachine.spec(Era.named(era)), new PageRefs());
  }

  /** The same with counts that the test made. */
  protected DevdaxMachine boot(String era, PageRefs refs) {
    return boot(DevdaxMachine.spec(Era.named(era)), refs);
  }

  /** Boots a machine of the test's own. */
  protected DevdaxMachine boot(MachineSpec spec, PageRefs refs) {
    DevdaxMachine machine = new DevdaxMachine(spec, refs);
    machines.add(machine);
    return machine;
  }

  @AfterEach
  void everyMachineIsIdleAndSound() {
    try {
      machines.forEach(DevdaxMachine::assertIdle);
    } finally {
      machines.forEach(DevdaxMachine::close);
    }
  }
}
