package dev.pgmap.host;

import static dev.pgmap.host.HostLab.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.dax.DevDax;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.Invariants;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.machine.MachineSpec.Pmem;
import dev.pgmap.core.machine.MachineSpec.SoftReserved;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.nvdimm.Namespace;
import dev.pgmap.core.nvdimm.NamespaceRequest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Device-dax from the jar to the pinned page, in every era. */
class DevDaxEndToEndTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final Path PLUGINS = Objects.requireNonNull(TestPlugin.devdax().getParent());
  private static final PhysRange PMEM = PhysRange.ofLength(4 * GIB, 4 * GIB);

  private static MachineSpec spec(Era era, Path file) {
    return new MachineSpec(
        2,
        MachineSpec.ramOf(512 * MIB),
        List.of(new Pmem(PMEM, file)),
        List.of(new SoftReserved(PhysRange.ofLength(16 * GIB, GIB), 2 * MIB)),
        4,
        era);
  }

  private static Stream<Arguments> kinds() {
    List<Arguments> kinds = new ArrayList<>();
    for (Era era : Era.all()) {
      for (long align : new long[] {4096, 2 * MIB, GIB}) {
        for (MapLocation map : MapLocation.values()) {
          kinds.add(Arguments.of(era, align, map));
        }
      }
    }
    return kinds.stream();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aNamespaceIsMappedPinnedUnpinnedAndDestroyed(Era era, long align, MapLocation map) {
    try (Machine machine = Machine.boot(spec(era, null));
        PluginHost host = PluginHost.of(machine, PLUGINS)) {
      assertThat(host.loadAll()).isEmpty();
      long free = machine.ram().freePages();
      Namespace namespace =
          machine
              .nvdimm()
              .create(
                  NamespaceRequest.DEFAULTS
                      .withRegion(0)
                      .withSize(3 * GIB)
                      .withAlign(align)
                      .withMap(map));
      DevDax device = machine.daxBus().device("dax0.0");
      Mm mm = machine.newTask("gup_test").mm();
      long bytes = Math.max(align, 2 * MIB);
      long at = mm.mmap(machine.daxBus().nodes().open("/dev/dax0.0"), bytes, 0, true, true);
      long[] pfns = new long[512];

      int pinned = machine.gup().pinUserPagesFast(mm, at, 512, FollFlag.WRITE, pfns, 0);
      mm.store(at + 4096, (byte) 5);

      assertThat(pinned).isEqualTo(512);
      assertThat(pfns[0]).isEqualTo(device.dataRanges().getFirst().firstPfn());
      assertThat(pfns[511]).isEqualTo(pfns[0] + 511);
      assertThat(machine.memory().loadByte((pfns[0] << 12) + 4096)).isEqualTo((byte) 5);
      assertThat(namespace.setup().dataRange().start() % align).isZero();
      machine.gup().unpinUserPages(pfns, 0, 512);
      mm.munmap(at, bytes);
      assertThat(Invariants.checkIdle(machine)).isEmpty();

      machine.nvdimm().destroy("namespace0.0", true);
      assertThat(host.info("device_dax").usedBy()).containsExactly("dax1.0");
      machine.daxBus().disable("dax1.0");
      host.rmmod("device_dax");
      assertThat(machine.pagemaps().all()).isEmpty();
      assertThat(machine.ram().freePages()).isGreaterThanOrEqualTo(free);
      assertThat(machine.log().nrWarnings()).isZero();
    }
  }

  @Test
  void whatIsInADeviceFileIsThereForTheNextProcess(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("pmem.img");
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      image.setLength(PMEM.bytes());
    }
    try (Machine machine = Machine.boot(spec(Era.V7_2, file));
        PluginHost host = PluginHost.of(machine, PLUGINS)) {
      host.loadAll();
      machine.nvdimm().create(NamespaceRequest.DEFAULTS.withRegion(0).withSize(64 * MIB));
      Mm mm = machine.newTask("writer").mm();
      long at = mm.mmap(machine.daxBus().nodes().open("/dev/dax0.0"), 2 * MIB, 0, true, true);
      mm.store(at + 12345, (byte) 42);
    }
    try (Machine machine = Machine.boot(spec(Era.V6_1, file));
        PluginHost host = PluginHost.of(machine, PLUGINS)) {
      host.loadAll();
      assertThat(machine.nvdimm().namespace("namespace0.0").isEnabled()).isTrue();
      Mm mm = machine.newTask("reader").mm();
      long at = mm.mmap(machine.daxBus().nodes().open("/dev/dax0.0"), 2 * MIB, 0, true, true);
      assertThat(mm.load(at + 12345)).isEqualTo((byte) 42);
    }
  }

  @Test
  void withoutRamForTheStructPagesTheCreationFailsAndNothingIsLeft() {
    try (Machine machine = Machine.boot(MachineSpec.standard());
        PluginHost host = PluginHost.of(machine, PLUGINS)) {
      host.loadAll();
      long free = machine.ram().freePages();

      failure(
          Errno.ENOMEM,
          () ->
              machine
                  .nvdimm()
                  .create(NamespaceRequest.DEFAULTS.withAlign(4096).withMap(MapLocation.MEM)));

      assertThat(machine.ram().freePages()).isEqualTo(free);
      assertThat(machine.nvdimm().namespaces()).isEmpty();
      assertThat(machine.daxBus().devices()).isEmpty();
      assertThat(machine.nvdimm().region(0).availableBytes()).isEqualTo(256 * GIB);
    }
  }

  @Test
  void whoeverChangesTheSameThingsAtOnceGetsEbusyAndNothingIsLost() throws Exception {
    long seed = System.nanoTime();
    try (Machine machine = Machine.boot(spec(Era.V7_2, null));
        PluginHost host = PluginHost.of(machine, PLUGINS)) {
      List<Throwable> surprises = Collections.synchronizedList(new ArrayList<>());
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Random random = new Random(seed + i);
        threads.add(
            new Thread(() -> {
              for (int step = 0; step < 150; step++) {
                try {
                  change(machine, host, random);
                } catch (MmException e) {
                  if (!EXPECTED.contains(e.errno())) {
                    surprises.add(e);
                  }
                } catch (RuntimeException | Error e) {
                  surprises.add(e);
                }
              }
            }));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(surprises).as("seed %d", seed).isEmpty();
      takeAllDown(machine, host);
      assertThat(machine.pagemaps().all()).as("seed %d", seed).isEmpty();
      assertThat(machine.nvdimm().region(0).availableBytes()).isEqualTo(4 * GIB);
      assertThat(machine.resources().lines())
          .noneMatch(line -> line.name().contains("dax") || line.name().contains("namespace"));
    }
  }

  private static final List<Errno> EXPECTED =
      List.of(Errno.EBUSY, Errno.EEXIST, Errno.ENOENT, Errno.ENODEV, Errno.ENXIO, Errno.ENOSPC);

  private static void change(Machine machine, PluginHost host, Random random) {
    String namespace = "namespace0." + random.nextInt(3);
    String device = random.nextInt(4) == 0 ? "dax1.0" : "dax0." + random.nextInt(3);
    switch (random.nextInt(8)) {
      case 0, 1 ->
          machine.nvdimm().create(NamespaceRequest.DEFAULTS.withRegion(0).withSize(64 * MIB));
      case 2 -> machine.nvdimm().destroy(namespace, true);
      case 3 -> machine.nvdimm().disable(namespace);
      case 4 -> machine.nvdimm().enable(namespace);
      case 5 -> host.insmod("devdax");
      case 6 -> host.rmmod("device_dax");
      default -> {
        machine.daxBus().disable(device);
        machine.daxBus().enable(device);
      }
    }
  }

  private static void takeAllDown(Machine machine, PluginHost host) {
    machine.nvdimm().namespaces().forEach(n -> machine.nvdimm().destroy(n.name(), true));
    machine.daxBus().disable("dax1.0");
    if (!host.list().isEmpty()) {
      host.rmmod("device_dax");
    }
  }
}
