package dev.pgmap.host;

import static dev.pgmap.host.HostLab.MIB;
import static dev.pgmap.host.HostLab.assertCollected;
import static dev.pgmap.host.HostLab.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.Invariants;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.host.ModuleInfo.State;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PluginHostTest {
  private static final Path PLUGINS = Objects.requireNonNull(TestPlugin.devdax().getParent());

  private static Stream<Era> eras() {
    return Era.all().stream();
  }

  @Test
  void insmodBindsTheNamespacesThatWaitForADriver() {
    try (HostLab lab = new HostLab(Era.V7_2, PLUGINS)) {
      lab.createNamespace();
      assertThat(lab.machine.daxBus().nodes().paths()).isEmpty();

      ModuleInfo module = lab.host.insmod("devdax");

      assertThat(module.name()).isEqualTo("device_dax");
      assertThat(module.state()).isEqualTo(State.LIVE);
      assertThat(module.usedBy()).containsExactly("dax0.0");
      assertThat(module.constraints().shifts())
          .containsExactlyInAnyOrder(0, 2, 4, 9, 12, 13, 17, 18);
      assertThat(lab.machine.daxBus().nodes().paths()).containsExactly("/dev/dax0.0");
      assertThat(lab.machine.pagemaps().all().getFirst().vmemmapShift()).isEqualTo(9);
    }
  }

  @Test
  void aModuleInUseIsNotRemovedAndSaysByWhom() {
    try (HostLab lab = new HostLab(Era.V7_2, PLUGINS)) {
      lab.host.insmod("device_dax");
      lab.createNamespace();

      assertThat(failure(Errno.EBUSY, () -> lab.host.rmmod("device_dax")))
          .hasMessageContaining("dax0.0");
      assertThat(lab.host.list()).extracting(ModuleInfo::state).containsExactly(State.LIVE);

      lab.machine.nvdimm().disable("namespace0.0");
      lab.host.rmmod("device_dax");
      lab.assertNothingLoaded();
      failure(Errno.ENOENT, () -> lab.host.rmmod("device_dax"));
      lab.machine.nvdimm().enable("namespace0.0");
      assertThat(lab.machine.daxBus().device("dax0.0").driverName()).isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("eras")
  void afterRmmodThePluginsClassesAreCollectedWhateverItDrove(Era era) throws Exception {
    try (HostLab lab = new HostLab(era, PLUGINS)) {
      lab.host.insmod("devdax");
      lab.createNamespace();
      Mm mm = lab.machine.newTask("holder").mm();
      var node = lab.machine.daxBus().nodes().open("/dev/dax0.0");
      long at = mm.mmap(node, 4 * MIB, 0, true, true);
      mm.store(at, (byte) 1);
      WeakReference<ClassLoader> loader = lab.loaderOf("devdax");
      assertThat(loader.get()).isNotNull();

      lab.machine.nvdimm().destroy("namespace0.0", true);
      lab.host.rmmod("device_dax");

      assertCollected(loader);
      mm.munmap(at, 4 * MIB);
      assertThat(Invariants.checkIdle(lab.machine)).isEmpty();
      assertThat(node.nrAreas()).isZero();
    }
  }

  @Test
  void aModuleIsLoadedAndUnloadedAgainAndAgain() throws Exception {
    try (HostLab lab = new HostLab(Era.V6_1, PLUGINS)) {
      for (int i = 0; i < 20; i++) {
        lab.host.insmod("devdax");
        lab.createNamespace();
        lab.machine.nvdimm().destroy("namespace0.0", true);
        WeakReference<ClassLoader> loader = lab.loaderOf("devdax");
        lab.host.rmmod("device_dax");
        assertCollected(loader);
      }
      lab.assertNothingLoaded();
    }
  }

  @Test
  void aModuleIsLoadedOnlyOnceWhateverItsJarIsCalled(@TempDir Path dir) throws Exception {
    Path copy = Files.copy(TestPlugin.devdax(), dir.resolve("other-name.jar"));
    try (HostLab lab = new HostLab(Era.V7_2, PLUGINS)) {
      lab.host.insmod("devdax");

      assertThat(failure(Errno.EEXIST, () -> lab.host.insmod(copy)))
          .hasMessageContaining("rmmod device_dax first");
      assertThat(lab.host.list()).hasSize(1);
      Path sameId =
          TestPlugin.good().manifest("Plugin-Id", "devdax").build(dir.resolve("same-id.jar"));
      failure(Errno.EEXIST, () -> lab.host.insmod(sameId));
      assertThat(lab.host.list()).hasSize(1);
    }
  }

  @Test
  void aJarMayGoAwayOrChangeWhileItsModuleIsLoaded(@TempDir Path dir) throws Exception {
    Path jar = Files.copy(TestPlugin.devdax(), dir.resolve("devdax.jar"));
    try (HostLab lab = new HostLab(Era.V7_2, dir)) {
      lab.host.insmod("devdax");
      Files.writeString(jar, "not a jar any more");
      lab.createNamespace();
      Files.delete(jar);

      assertThat(lab.machine.daxBus().device("dax0.0").isAlive()).isTrue();
      assertThat(lab.host.info("devdax").state()).isEqualTo(State.LIVE);
      lab.machine.nvdimm().destroy("namespace0.0", true);
      lab.host.rmmod("devdax");
      lab.assertNothingLoaded();
    }
  }

  @Test
  void bootLoadsWhatIsGoodAndReportsWhatIsNot(@TempDir Path dir) throws Exception {
    Files.copy(TestPlugin.devdax(), dir.resolve("b-devdax.jar"));
    Files.writeString(dir.resolve("a-broken.jar"), "PK not really");
    Files.writeString(dir.resolve("readme.txt"), "not a plugin");
    try (HostLab lab = new HostLab(Era.V7_2, dir)) {
      assertThat(lab.host.loadAll())
          .singleElement()
          .satisfies(e -> assertThat(e).hasMessageContaining("a-broken.jar"));

      assertThat(lab.host.list()).extracting(ModuleInfo::name).containsExactly("device_dax");
      assertThat(lab.machine.log().entries())
          .anyMatch(entry -> entry.text().contains("a-broken.jar not loaded"));
    }
    try (HostLab lab = new HostLab(Era.V7_2, dir.resolve("missing"))) {
      assertThat(lab.host.loadAll()).isEmpty();
      assertThat(failure(Errno.ENOENT, () -> lab.host.insmod("devdax")))
          .hasMessageContaining("missing");
    }
  }

  @Test
  void modinfoTellsAboutAJarWithoutRunningIt(@TempDir Path dir) throws Exception {
    TestPlugin.extension("static { System.setProperty(\"test.plugin.ran\", \"yes\"); }")
        .build(dir.resolve("quiet.jar"));
    try (HostLab lab = new HostLab(Era.V7_2, dir)) {
      ModuleInfo info = lab.host.info("quiet");

      assertThat(info.name()).isEqualTo("test_module");
      assertThat(info.pluginId()).isEqualTo("test");
      assertThat(info.version()).isEqualTo("1.2.3");
      assertThat(info.state()).isEqualTo(State.AVAILABLE);
      assertThat(lab.host.available()).extracting(ModuleInfo::name).containsExactly("test_module");
      assertThat(System.getProperty("test.plugin.ran")).isNull();
      lab.assertNothingLoaded();
    }
  }

  @Test
  void aPluginForOtherErasIsRefused(@TempDir Path dir) throws Exception {
    Path jar = TestPlugin.good().constraint("eras", "6.1,6.12").build(dir.resolve("x.jar"));
    try (HostLab lab = new HostLab(Era.V7_2, dir)) {
      assertThat(failure(Errno.EOPNOTSUPP, () -> lab.host.insmod(jar)))
          .hasMessageContaining("this machine is 7.2");
      lab.assertNothingLoaded();
    }
    try (HostLab lab = new HostLab(Era.V6_1, dir)) {
      assertThat(lab.host.insmod(jar).usedBy()).isEqualTo(List.of());
    }
  }
}
