package dev.pgmap.core.dax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.dax.DaxDevice;
import dev.pgmap.api.dax.DaxDriver;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.dax.DevDax.State;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.machine.MachineSpec.Pmem;
import dev.pgmap.core.machine.MachineSpec.SoftReserved;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.TaskSignal;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.nvdimm.NamespaceRequest;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DaxBusTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final long PMEM = 0x7000_0000L;

  private final Machine machine = Machine.boot(spec(Era.V7_2));
  private final DaxBus bus = machine.daxBus();
  private final ScriptedDaxDriver driver = new ScriptedDaxDriver();

  private static MachineSpec spec(Era era) {
    return new MachineSpec(
        2,
        MachineSpec.ramOf(256 * MIB),
        List.of(new Pmem(PhysRange.ofLength(PMEM, 256 * MIB), null)),
        List.of(new SoftReserved(PhysRange.ofLength(4 * GIB, GIB), 2 * MIB)),
        4,
        era);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  private static MmException failure(Errno errno, ThrowingCallable call) {
    MmException e = catchThrowableOfType(MmException.class, call);
    assertThat(e).isNotNull();
    assertThat(e.errno()).as(e.getMessage()).isEqualTo(errno);
    return e;
  }

  private List<String> iomem() {
    return machine.resources().lines().stream().map(Objects::toString).toList();
  }

  private void createNamespace() {
    machine.nvdimm().create(NamespaceRequest.DEFAULTS.withSize(64 * MIB).withMap(MapLocation.DEV));
  }

  private void emptyDeviceZero() {
    bus.disable("dax1.0");
    bus.destroyDevice("dax1.0", false);
  }

  @Test
  void withoutADriverADeviceHasNoNodeAndNoStructPages() {
    createNamespace();

    DevDax device = bus.device("dax0.0");
    assertThat(device.state()).isEqualTo(State.DISABLED);
    assertThat(bus.nodes().paths()).isEmpty();
    assertThat(machine.pagemaps().all()).isEmpty();
    assertThat(iomem()).contains("  70000000-701fffff : namespace0.0");
    failure(Errno.ENODEV, () -> bus.enable("dax0.0"));
    assertThat(failure(Errno.ENOENT, () -> bus.nodes().open("/dev/dax0.0")))
        .hasMessageContaining("driver");
  }

  @Test
  void aDriverThatComesLaterGetsTheDevicesThatWait() {
    createNamespace();

    bus.registerDriver(driver);

    assertThat(bus.device("dax0.0").isAlive()).isTrue();
    assertThat(bus.boundTo("scripted")).containsExactly("dax0.0", "dax1.0");
    assertThat(bus.nodes().paths()).containsExactly("/dev/dax0.0", "/dev/dax1.0");
    assertThat(iomem())
        .containsSubsequence(
            "70000000-7fffffff : Persistent Memory (legacy)",
            "  70000000-701fffff : namespace0.0",
            "  70200000-73ffffff : dax0.0",
            "100000000-13fffffff : Soft Reserved",
            "  100000000-13fffffff : dax1.0");
  }

  @Test
  void thePgmapOfAStaticDeviceBeginsWithItsNamespace() {
    bus.registerDriver(driver);
    createNamespace();

    DevDax device = bus.device("dax0.0");
    assertThat(device.pagemapRanges()).containsExactly(PhysRange.ofLength(PMEM, 64 * MIB));
    assertThat(device.dataRanges()).containsExactly(PhysRange.ofLength(PMEM + 2 * MIB, 62 * MIB));
    assertThat(device.altmap()).isNotNull();
    assertThat(machine.pageRefs().count(machine.structPages().record(0x70200))).isEqualTo(1);
    assertThat(machine.structPages().recordOrZero(0x70000)).isNotNegative();
  }

  @Test
  void detachRunsBackwardsDeadFirstThenTheNodeThenTheMemory() {
    bus.registerDriver(driver);
    createNamespace();
    driver.notes.clear();

    machine.nvdimm().destroy("namespace0.0", true);

    assertThat(driver.notes)
        .containsExactly("before the node, alive false", "after the node, alive false");
    assertThat(machine.pagemaps().all()).hasSize(1);
    assertThat(bus.regions()).hasSize(1);
    assertThat(iomem()).noneMatch(line -> line.contains("0.0"));
  }

  @Test
  void aProbeThatFailsAtItsVeryEndLeavesNothingBehind() {
    emptyDeviceZero();
    driver.failAfterAll = true;
    bus.registerDriver(driver);

    failure(Errno.EIO, this::createNamespace);

    assertThat(machine.pagemaps().all()).isEmpty();
    assertThat(bus.nodes().paths()).isEmpty();
    assertThat(bus.devices()).extracting(DevDax::name).containsExactly("dax1.0");
    assertThat(iomem()).noneMatch(line -> line.contains("dax0") || line.contains("namespace"));
    assertThat(machine.nvdimm().namespaces()).isEmpty();
  }

  @Test
  void aDeviceThatTheNewDriverCannotTakeIsReportedAndTheOthersAreBound() {
    createNamespace();
    driver.refused = "dax0.0";

    bus.registerDriver(driver);

    assertThat(bus.boundTo("scripted")).containsExactly("dax1.0");
    assertThat(machine.log().entries())
        .anyMatch(entry -> entry.text().contains("scripted dax0.0: probe failed with error -12"));
  }

  @Test
  void aDriverInUseStaysAndOneThatIsNotGoes() {
    bus.registerDriver(driver);
    failure(Errno.EEXIST, () -> bus.registerDriver(driver));

    assertThat(failure(Errno.EBUSY, () -> bus.unregisterDriver("scripted")))
        .hasMessageContaining("dax1.0");
    bus.disable("dax1.0");
    bus.unregisterDriver("scripted");

    assertThat(bus.drivers()).doesNotContain("scripted");
    failure(Errno.ENOENT, () -> bus.unregisterDriver("scripted"));
  }

  @Test
  void deviceZeroHasTheWholeRegionAtFirstAndStaysForGood() {
    assertThat(bus.device("dax1.0").bytes()).isEqualTo(GIB);
    failure(Errno.ENOSPC, () -> bus.createDevice(1, DaxRequest.DEFAULTS));

    bus.destroyDevice("dax1.0", false);

    assertThat(bus.device("dax1.0").bytes()).isZero();
    assertThat(bus.regions().getFirst().availableBytes()).isEqualTo(GIB);
    assertThat(bus.regions().getFirst().seedName()).isEqualTo("dax1.1");
    bus.registerDriver(driver);
    failure(Errno.ENXIO, () -> bus.enable("dax1.0"));
  }

  @Test
  void devicesAreMadeSizedAndDestroyed() {
    emptyDeviceZero();
    bus.registerDriver(driver);

    DevDax made = bus.createDevice(1, DaxRequest.DEFAULTS.withSize(256 * MIB));
    DevDax rest = bus.createDevice(null, DaxRequest.DEFAULTS);

    assertThat(made.name()).isEqualTo("dax1.1");
    assertThat(made.isAlive()).isTrue();
    assertThat(rest.bytes()).isEqualTo(768 * MIB);
    assertThat(failure(Errno.EBUSY, () -> bus.destroyDevice("dax1.1", false)))
        .hasMessageContaining("daxctl disable-device");
    bus.destroyDevice("dax1.1", true);
    failure(Errno.ENXIO, () -> bus.device("dax1.1"));
    assertThat(bus.createDevice(1, DaxRequest.DEFAULTS).bytes()).isEqualTo(256 * MIB);
  }

  @Test
  void aDeviceGrowsIntoASecondRangeAndIsMappedAcrossBoth() {
    emptyDeviceZero();
    bus.registerDriver(driver);
    bus.createDevice(1, DaxRequest.DEFAULTS.withSize(64 * MIB));
    bus.createDevice(1, DaxRequest.DEFAULTS.withSize(64 * MIB));
    DevDax grown = bus.device("dax1.1");

    bus.reconfigure("dax1.1", DaxRequest.DEFAULTS.withSize(128 * MIB));

    assertThat(grown.ranges()).hasSize(2);
    assertThat(grown.isAlive()).isTrue();
    long border = 64 * MIB / 4096;
    assertThat(grown.pgoffToPhys(border, 4096)).isEqualTo(4 * GIB + 128 * MIB);
    assertThat(grown.pgoffToPhys(border - 1, 4096)).isEqualTo(4 * GIB + 64 * MIB - 4096);
    assertThat(grown.pgoffToPhys(border - 1, 8192)).isEqualTo(-1);
    assertThat(grown.pgoffToPhys(2 * border, 4096)).isEqualTo(-1);
    Mm mm = machine.newTask("test").mm();
    long at = mm.mmap(bus.nodes().open("/dev/dax1.1"), 128 * MIB, 0, true, true);
    mm.store(at + 64 * MIB, (byte) 7);
    assertThat(machine.memory().loadByte(4 * GIB + 128 * MIB)).isEqualTo((byte) 7);
  }

  @Test
  void aReconfigurationThatFailsLeavesTheDeviceAsItWas() {
    emptyDeviceZero();
    bus.registerDriver(driver);
    DevDax device = bus.createDevice(1, DaxRequest.DEFAULTS.withSize(64 * MIB));

    failure(Errno.ENOSPC, () -> bus.reconfigure("dax1.1", DaxRequest.DEFAULTS.withSize(2 * GIB)));
    failure(Errno.EINVAL, () -> bus.reconfigure("dax1.1", DaxRequest.DEFAULTS.withAlign(GIB)));
    failure(Errno.EINVAL, () -> bus.reconfigure("dax1.1", DaxRequest.DEFAULTS.withAlign(8192)));
    failure(Errno.EINVAL, () -> bus.reconfigure("dax1.1", DaxRequest.DEFAULTS.withSize(4096)));

    assertThat(device.bytes()).isEqualTo(64 * MIB);
    assertThat(device.alignBytes()).isEqualTo(2 * MIB);
    assertThat(device.state()).isEqualTo(State.ENABLED);
    assertThat(device.isAlive()).isTrue();
    bus.reconfigure("dax1.1", DaxRequest.DEFAULTS.withAlign(4096));
    assertThat(device.alignBytes()).isEqualTo(4096);
  }

  @Test
  void memoryGivenUpByAReconfigurationIsNobodysUntilItHasSucceeded() {
    emptyDeviceZero();
    AtomicBoolean shrunk = new AtomicBoolean();
    bus.registerDriver(
        new DaxDriver() {
          @Override
          public String name() {
            return "failing_dax";
          }

          @Override
          public void probe(DaxDevice device) {
            if (shrunk.getAndSet(false)) {
              failure(
                  Errno.ENOSPC, () -> bus.createDevice(1, DaxRequest.DEFAULTS.withSize(768 * MIB)));
              throw new MmException(Errno.EIO, "probe fails after the shrink");
            }
            driver.probe(device);
          }
        });
    DevDax device = bus.createDevice(1, DaxRequest.DEFAULTS.withSize(512 * MIB));
    shrunk.set(true);

    failure(Errno.EIO, () -> bus.reconfigure("dax1.1", DaxRequest.DEFAULTS.withSize(64 * MIB)));

    assertThat(device.bytes()).isEqualTo(512 * MIB);
    assertThat(device.isAlive()).isTrue();
    assertThat(device.region().availableBytes()).isEqualTo(512 * MIB);
    bus.reconfigure("dax1.1", DaxRequest.DEFAULTS.withSize(64 * MIB));
    assertThat(device.region().availableBytes()).isEqualTo(960 * MIB);
  }

  @Test
  void aStaticDeviceIsNdctlsBusiness() {
    createNamespace();

    failure(Errno.EINVAL, () -> bus.destroyDevice("dax0.0", true));
    failure(Errno.EPERM, () -> bus.reconfigure("dax0.0", DaxRequest.DEFAULTS.withSize(0)));
    bus.reconfigure("dax0.0", DaxRequest.DEFAULTS);
  }

  @Test
  void disablingADeviceUnmapsItAndWhoeverTouchesItGetsSigbus() {
    bus.registerDriver(driver);
    createNamespace();
    Mm mm = machine.newTask("test").mm();
    AddressSpace node = bus.nodes().open("/dev/dax0.0");
    long at = mm.mmap(node, 2 * MIB, 0, true, true);
    mm.store(at, (byte) 1);

    assertThat(bus.disable("dax0.0")).isTrue();

    assertThat(catchThrowableOfType(TaskSignal.class, () -> mm.load(at))).isNotNull();
    failure(Errno.ENXIO, () -> mm.mmap(node, 2 * MIB, 0, true, true));
    assertThat(bus.disable("dax0.0")).isFalse();
    assertThat(bus.enable("dax0.0")).isTrue();
    long again = mm.mmap(bus.nodes().open("/dev/dax0.0"), 2 * MIB, 0, true, true);
    assertThat(mm.load(again)).isEqualTo((byte) 1);
  }

  @Test
  void in510ADestroyWaitsForAHeldPageAndHoldsUpNobodyElse() throws Exception {
    try (Machine old = Machine.boot(spec(Era.V5_10))) {
      old.daxBus().registerDriver(new ScriptedDaxDriver());
      old.nvdimm().create(NamespaceRequest.DEFAULTS.withSize(64 * MIB));
      long rec = old.structPages().record(0x70200);
      old.pageRefs().mod(0x70200, rec, 1);
      Thread destroyer = new Thread(() -> old.nvdimm().destroy("namespace0.0", true));
      destroyer.start();
      while (old.daxBus().device("dax0.0").isAlive()
          || !old.daxBus().nodes().paths().equals(List.of("/dev/dax1.0"))) {
        Thread.onSpinWait();
      }

      assertThat(old.nvdimm().namespace("namespace0.0").state().text())
          .isEqualTo("being destroyed");
      assertThat(old.daxBus().device("dax0.0").state()).isEqualTo(State.UNBINDING);
      assertThat(new SysfsView(old.daxBus()).read("/sys/bus/dax/devices/dax0.0/size"))
          .isEqualTo("65011712");
      failure(Errno.EBUSY, () -> old.daxBus().enable("dax0.0"));
      failure(Errno.EBUSY, () -> old.daxBus().unregisterDriver("scripted"));
      old.nvdimm().create(NamespaceRequest.DEFAULTS.withSize(64 * MIB));
      assertThat(destroyer.isAlive()).isTrue();

      old.gup().putPage(0x70200);
      destroyer.join();
      assertThat(old.nvdimm().namespaces()).hasSize(1);
    }
  }

  @Test
  void driverServicesAreRefusedOutsideAProbe() {
    bus.registerDriver(driver);
    DevDax device = bus.device("dax1.0");

    failure(Errno.EINVAL, device::run);
    failure(Errno.EINVAL, () -> device.onDetach(() -> {}));
  }

  @Test
  void sysfsShowsDevicesAndTheirMappings() {
    createNamespace();
    SysfsView sysfs = new SysfsView(bus);
    String device = "/sys/bus/dax/devices/dax0.0";

    assertThat(sysfs.list("/sys/bus/dax/devices")).containsExactly("dax0.0", "dax1.0");
    assertThat(sysfs.list(device))
        .containsExactly(
            "align", "dax_region", "mapping0", "numa_node", "resource", "size", "target_node");
    assertThat(sysfs.read(device + "/resource")).isEqualTo("0x70200000");
    assertThat(sysfs.read(device + "/size")).isEqualTo("65011712");
    assertThat(sysfs.read(device + "/align")).isEqualTo("2097152");
    assertThat(sysfs.read(device + "/target_node")).isEqualTo("0");
    assertThat(sysfs.read(device + "/mapping0/start")).isEqualTo("0x70200000");
    assertThat(sysfs.read(device + "/mapping0/end")).isEqualTo("0x73ffffff");
    assertThat(sysfs.read(device + "/mapping0/page_offset")).isEqualTo("0");
    assertThat(sysfs.isDirectory(device + "/mapping0")).isTrue();
    failure(Errno.ENOENT, () -> sysfs.read(device + "/driver"));
    failure(Errno.ENOENT, () -> sysfs.list("/sys/bus/dax/devices/dax9.9"));
    bus.registerDriver(driver);
    assertThat(sysfs.read(device + "/driver")).isEqualTo("scripted");
    assertThat(sysfs.list("/sys/bus/dax/drivers/scripted"))
        .containsExactly("dax0.0", "dax1.0", "module");
  }
}
