package dev.pgmap.host;

import static dev.pgmap.host.HostLab.MIB;
import static dev.pgmap.host.HostLab.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.mm.Mm;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins that load well and misbehave later. */
class PluginGuardTest {
  private static final String ONLINE =
      """
      device.memremap(new PagemapSpec(device.name(), MemoryType.%s, device.pagemapRanges(), %d,
          device.altmap(), null), DevPagemapOps.NONE);
      """;
  private static final String FILE =
      """
      device.addCdev(new MappableFile() {
        public void mmap(VmArea vma) { %s }
        public int fault(FaultRequest fault) { %s }
        public long mappingAlignBytes() { return 4096; }
      });
      device.run();
      """;

  @TempDir Path dir;
  private HostLab lab;

  @BeforeEach
  void boot() {
    lab = new HostLab(Era.V7_2, dir);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private void insmodDriver(String probe) throws Exception {
    lab.host.insmod(TestPlugin.driver(probe).build(dir.resolve("driver.jar")));
  }

  @Test
  void aProbeThatThrowsFailsTheCreationAndLeavesNothingBehind() throws Exception {
    insmodDriver(ONLINE.formatted("GENERIC", 0) + "throw new AssertionError(\"oh no\");");

    MmException e = failure(Errno.EIO, lab::createNamespace);

    assertThat(e).hasMessageContaining("test_module: probe").hasMessageContaining("oh no");
    assertThat(lab.machine.pagemaps().all()).isEmpty();
    assertThat(lab.machine.nvdimm().namespaces()).isEmpty();
    assertThat(lab.host.list()).hasSize(1);
  }

  @Test
  void anExceptionOfThePluginsOwnTypeKeepsItsErrnoAndLosesItsType() throws Exception {
    insmodDriver(
        "class Mine extends MmException { Mine() { super(Errno.ENODEV, \"mine\"); } }"
            + " throw new Mine();");

    MmException e = failure(Errno.ENODEV, lab::createNamespace);

    assertThat(e.getClass()).isEqualTo(MmException.class);
    assertThat(e).hasMessageContaining("mine");
  }

  @Test
  void aPluginIsHeldToTheTypesAndShiftsThatItStates() throws Exception {
    lab.host.insmod(
        TestPlugin.driver(ONLINE.formatted("GENERIC", 9))
            .constraint("shifts", "0")
            .build(dir.resolve("driver.jar")));
    assertThat(failure(Errno.EINVAL, lab::createNamespace))
        .hasMessageContaining("what its constraints state");
    lab.host.rmmod("test_module");

    insmodDriver(ONLINE.formatted("FS_DAX", 0));
    assertThat(failure(Errno.EINVAL, lab::createNamespace)).hasMessageContaining("FS_DAX");
  }

  @Test
  void aFaultOrMmapThatThrowsFailsThatCallOnly() throws Exception {
    insmodDriver(
        ONLINE.formatted("GENERIC", 0)
            + FILE.formatted(
                "if (vma.pgoff() > 0) throw new RuntimeException(\"in mmap\");",
                "throw new NullPointerException(\"in fault\");"));
    lab.createNamespace();
    Mm mm = lab.machine.newTask("t").mm();
    var node = lab.machine.daxBus().nodes().open("/dev/dax0.0");

    failure(Errno.EIO, () -> mm.mmap(node, MIB, 1, true, true));
    long at = mm.mmap(node, MIB, 0, true, true);
    assertThat(failure(Errno.EIO, () -> mm.load(at))).hasMessageContaining("in fault");

    mm.munmap(at, MIB);
    lab.machine.nvdimm().destroy("namespace0.0", true);
    lab.host.rmmod("test_module");
    lab.assertNothingLoaded();
  }

  @Test
  void aDetachActionThatThrowsDoesNotStopTheTeardown() throws Exception {
    insmodDriver(
        ONLINE.formatted("GENERIC", 0)
            + "device.onDetach(() -> { throw new IllegalStateException(\"stuck\"); });"
            + FILE.formatted("", "return VmFault.SIGBUS;"));
    lab.createNamespace();

    lab.machine.nvdimm().destroy("namespace0.0", true);

    assertThat(lab.machine.pagemaps().all()).isEmpty();
    assertThat(lab.machine.resources().lines())
        .noneMatch(line -> line.name().contains("dax") || line.name().contains("namespace"));
    assertThat(lab.machine.log().entries()).anyMatch(entry -> entry.text().contains("stuck"));
  }

  @Test
  void aPluginRunsWithItsOwnContextClassLoaderAndTheCallersComesBack() throws Exception {
    insmodDriver(
        "if (Thread.currentThread().getContextClassLoader() != getClass().getClassLoader())"
            + " throw new IllegalStateException(\"wrong loader\");"
            + ONLINE.formatted("GENERIC", 0));
    ClassLoader before = Thread.currentThread().getContextClassLoader();

    lab.createNamespace();

    assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
  }
}
