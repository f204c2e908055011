package dev.pgmap.core.machine;

import static dev.pgmap.core.testing.DevdaxMachine.DATA_PFN;
import static dev.pgmap.core.testing.DevdaxMachine.GIB;
import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static dev.pgmap.core.testing.Failures.assertErrno;
import static dev.pgmap.core.testing.Mapping.PIN_FAST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.machine.MachineSpec.Pmem;
import dev.pgmap.core.machine.MachineSpec.SoftReserved;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.page.NoStructPage;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Booting, living side by side, switching off. */
class MachineTest extends DevdaxTest {
  private static final int WRITE = FollFlag.WRITE;

  @EachEra
  void itsPartsAreInIomem(String era) {
    DevdaxMachine m = boot(era);
    m.create(0, PAGE, MapLocation.DEV);

    assertThat(m.machine.resources().lines().stream().map(Objects::toString))
        .contains(
            "70000000-73ffffff : Persistent Memory (legacy)",
            "  70000000-701fffff : namespace0.0",
            "  70200000-73ffffff : dax0.0",
            "74000000-77ffffff : System RAM",
            "80000000-afffffff : Persistent Memory (legacy)");
    assertThat(m.machine.log().entries().getFirst().text()).contains("era " + era);
  }

  @Test
  void softReservedMemoryBecomesDynamicRegionsAfterThePmemRegions() {
    MachineSpec spec = DevdaxMachine.spec(Era.V7_2);
    SoftReserved reserved = new SoftReserved(PhysRange.ofLength(8 * GIB, 64 * MIB), 2 * MIB);
    DevdaxMachine m =
        boot(
            new MachineSpec(1, spec.ram(), spec.pmem(), List.of(reserved), 4, Era.V7_2),
            new PageRefs());

    Mapping mapping = m.map(3, 4 * MIB);
    long[] pins = mapping.take(PIN_FAST, 0, 1024, WRITE);

    assertThat(pins).startsWith(0x200000).hasSize(1024);
    mapping.unpin(pins);
  }

  @Test
  void aMachineThatCannotBootLeavesNothing(@TempDir Path dir) throws IOException {
    Path file = deviceFile(dir, 64 * MIB);
    MachineSpec spec = withFile(file, Era.V7_2);
    SoftReserved misaligned =
        new SoftReserved(PhysRange.ofLength(8 * GIB + 4096, 64 * MIB), 2 * MIB);
    MachineSpec bad =
        new MachineSpec(2, spec.ram(), spec.pmem(), List.of(misaligned), 4, spec.era());
    MachineSpec missing = withFile(dir.resolve("missing"), Era.V7_2);
    long before = mappedKib();

    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> Machine.boot(bad)).isInstanceOf(MmException.class);
      assertErrno(Errno.ENOENT, () -> Machine.boot(missing));
    }

    assertThat(mappedKib() - before).as("KiB of address space").isLessThan(8 << 20);
    assertThat(openFilesOf(file)).isZero();
  }

  @Test
  void twoMachinesDoNotKnowOfEachOther() {
    DevdaxMachine old = boot("5.10");
    DevdaxMachine recent = boot("7.2");
    old.create(0, 2 * MIB, MapLocation.MEM);
    recent.create(0, 2 * MIB, MapLocation.MEM);
    Mapping oldMapping = old.map(0, 2 * MIB).touch();
    Mapping recentMapping = recent.map(0, 2 * MIB).touch();

    long[] pins = oldMapping.take(PIN_FAST, 0, 512, WRITE);
    oldMapping.task().mm().store(oldMapping.start(), (byte) 7);
    recent.destroy(0);

    assertThat(old.count(DATA_PFN)).isEqualTo(1025);
    assertThat(old.pagemap(0).vmemmapShift()).isZero();
    assertThat(recent.machine.vmstat().pinAcquired()).isZero();
    assertThat(recent.machine.structPages().recordOrZero(DATA_PFN)).isZero();
    assertThat(recent.machine.memory().loadByte(DATA_PFN << 12)).isZero();
    assertThat(recent.machine.log().entries())
        .noneMatch(entry -> entry.text().contains("era 5.10"));
    recentMapping.task().exit();
    oldMapping.unpin(pins);
  }

  @Test
  void closingGivesTheHostItsMemoryBack() throws IOException {
    long residentBefore = statusKib("VmRSS");
    long mappedBefore = mappedKib();
    for (int i = 0; i < 50; i++) {
      try (DevdaxMachine m = new DevdaxMachine(Era.all().get(i % Era.all().size()))) {
        m.create(0, PAGE, MapLocation.MEM);
        Mapping mapping = m.map(0, 32 * MIB);
        mapping.task().mm().touch(mapping.start(), mapping.bytes(), (byte) 1);
      }
    }
    assertThat(statusKib("VmRSS") - residentBefore).as("KiB resident").isLessThan(512 << 10);
    assertThat(mappedKib() - mappedBefore).as("KiB of address space").isLessThan(16 << 20);
  }

  @Test
  void aMachineThatIsOffRefusesItsPagesAndDoesNotCrashTheHost() {
    DevdaxMachine m = new DevdaxMachine(Era.V7_2);
    m.create(0, PAGE, MapLocation.MEM);
    Mapping mapping = m.map(0, 2 * MIB).touch();
    m.close();

    assertThatThrownBy(() -> m.machine.structPages().record(DATA_PFN))
        .isInstanceOf(NoStructPage.class);
    assertThatThrownBy(() -> mapping.take(PIN_FAST, 0, 1, WRITE)).isInstanceOf(Exception.class);
    assertThatThrownBy(() -> m.machine.gup().unpinUserPage(DATA_PFN))
        .isInstanceOf(NoStructPage.class);
    assertThatThrownBy(() -> m.machine.gup().putPage(0x100)).isInstanceOf(NoStructPage.class);
    assertThatThrownBy(() -> m.machine.memory().storeByte(DATA_PFN << 12, (byte) 1))
        .isInstanceOf(IllegalStateException.class);
  }

  @EachEra
  void whatADeviceFileHoldsIsThereForTheNextMachine(String era, @TempDir Path dir)
      throws IOException {
    MachineSpec spec = withFile(deviceFile(dir, 64 * MIB), Era.named(era));
    try (DevdaxMachine first = new DevdaxMachine(spec, new PageRefs())) {
      first.create(0, 2 * MIB, MapLocation.DEV);
      Mapping mapping = first.map(0, 2 * MIB);
      mapping.task().mm().store(mapping.at(5) + 17, (byte) 42);
    }

    DevdaxMachine second = boot(spec, new PageRefs());

    assertThat(second.machine.nvdimm().namespaces()).singleElement().hasToString("namespace0.0");
    Mapping mapping = second.map(0, 2 * MIB);
    assertThat(mapping.task().mm().load(mapping.at(5) + 17)).isEqualTo((byte) 42);
    assertThat(mapping.task().mm().load(mapping.at(5) + 18)).isZero();
    assertThat(second.pagemap(0).altmap()).isNotNull();
  }

  private static Path deviceFile(Path dir, long bytes) throws IOException {
    Path file = dir.resolve("pmem0");
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
      opened.setLength(bytes);
    }
    return file;
  }

  private static MachineSpec withFile(Path file, Era era) {
    Pmem pmem = new Pmem(PhysRange.ofLength(0x7000_0000L, 64 * MIB), file);
    return new MachineSpec(2, DevdaxMachine.spec(era).ram(), List.of(pmem), List.of(), 4, era);
  }

  private static long mappedKib() throws IOException {
    return statusKib("VmSize");
  }

  private static long statusKib(String field) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(field + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  private static long openFilesOf(Path file) throws IOException {
    try (var links = Files.list(Path.of("/proc/self/fd"))) {
      return links.filter(link -> pointsTo(link, file)).count();
    }
  }

  private static boolean pointsTo(Path link, Path file) {
    try {
      return Files.readSymbolicLink(link).equals(file.toAbsolutePath());
    } catch (IOException e) {
      return false;
    }
  }
}
