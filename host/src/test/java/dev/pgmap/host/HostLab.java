package dev.pgmap.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.machine.MachineSpec.Pmem;
import dev.pgmap.core.nvdimm.NamespaceRequest;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A small machine with a plugin host. */
final class HostLab implements AutoCloseable {
  static final long MIB = 1L << 20;
  static final long DATA = 0x7020_0000L;

  final Machine machine;
  final PluginHost host;

  HostLab(Era era, Path directory) {
    machine =
        Machine.boot(
            new MachineSpec(
                2,
                MachineSpec.ramOf(256 * MIB),
                List.of(new Pmem(PhysRange.ofLength(0x7000_0000L, 256 * MIB), null)),
                List.of(),
                4,
                era));
    host = PluginHost.of(machine, directory);
  }

  void createNamespace() {
    machine.nvdimm().create(NamespaceRequest.DEFAULTS.withSize(64 * MIB));
  }

  static MmException failure(Errno errno, ThrowingCallable call) {
    MmException e = catchThrowableOfType(MmException.class, call);
    assertThat(e).isNotNull();
    assertThat(e.errno()).as(e.getMessage()).isEqualTo(errno);
    return e;
  }

  void assertNothingLoaded() {
    assertThat(host.list()).isEmpty();
    assertThat(machine.daxBus().drivers()).as("the engine's own").containsExactly("kmem");
    assertThat(framework().getPlugins()).isEmpty();
  }

  /** The class loader of a loaded plugin, not keeping it alive. */
  WeakReference<ClassLoader> loaderOf(String pluginId) {
    return new WeakReference<>(framework().getPluginClassLoader(pluginId));
  }

  private PluginFramework framework() {
    try {
      var loading = PluginHost.class.getDeclaredField("loading");
      loading.setAccessible(true);
      var framework = PluginLoading.class.getDeclaredField("framework");
      framework.setAccessible(true);
      return (PluginFramework) framework.get(loading.get(host));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  static void assertCollected(WeakReference<ClassLoader> loader) throws InterruptedException {
    for (int i = 0; i < 50 && loader.get() != null; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertThat(loader.get()).isNull();
  }

  @Override
  public void close() {
    host.close();
    machine.close();
  }
}
