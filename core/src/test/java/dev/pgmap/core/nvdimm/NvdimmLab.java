package dev.pgmap.core.nvdimm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.phys.PhysicalMemory;
import dev.pgmap.core.phys.ResourceKind;
import dev.pgmap.core.phys.ResourceTree;
import dev.pgmap.core.sync.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/** Two regions with real memory, and a namespace driver that does what the test says. */
final class NvdimmLab implements AutoCloseable {
  static final long MIB = 1L << 20;
  static final long GIB = 1L << 30;
  static final PhysRange REGION0 = PhysRange.ofLength(0x7000_0000L, 256 * MIB);
  static final PhysRange REGION1 = PhysRange.ofLength(4 * GIB, 4 * GIB);

  final PhysicalMemory memory = new PhysicalMemory(9 * GIB);
  final KernelLog log = new KernelLog(new Clock());
  final ScriptedDriver driver = new ScriptedDriver();
  ResourceTree resources = new ResourceTree();
  NvdimmBus bus = boot();

  /** Another kernel on the same memory. */
  NvdimmBus boot() {
    resources = new ResourceTree();
    for (PhysRange range : List.of(REGION0, REGION1)) {
      resources.request(range, "Persistent Memory (legacy)", ResourceKind.PERSISTENT_MEMORY);
    }
    bus = new NvdimmBus(memory, resources, log, Geometry.x86(4), List.of(REGION0, REGION1));
    bus.start(Map.of(NamespaceMode.DEVDAX, driver, NamespaceMode.FSDAX, driver));
    return bus;
  }

  List<String> iomem() {
    return resources.lines().stream().map(Objects::toString).toList();
  }

  static NamespaceRequest size(long bytes) {
    return NamespaceRequest.DEFAULTS.withSize(bytes);
  }

  @Override
  public void close() {
    memory.close();
  }

  /** Refuses on demand, and on demand takes as long as the test wants to detach. */
  static final class ScriptedDriver implements NamespaceDriver {
    final List<String> calls = new ArrayList<>();
    boolean refuseAlign4k;
    CountDownLatch detaching = new CountDownLatch(0);
    CountDownLatch mayDetach = new CountDownLatch(0);

    @Override
    public String attach(Namespace namespace) {
      if (refuseAlign4k && Objects.requireNonNull(namespace.setup()).alignBytes() == 4096) {
        throw new MmException(Errno.ENOMEM, "no struct pages for you");
      }
      calls.add("attach " + namespace);
      return "dax" + namespace.regionId() + "." + namespace.id();
    }

    @Override
    public void detach(Namespace namespace) {
      detaching.countDown();
      try {
        mayDetach.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      calls.add("detach " + namespace);
    }
  }
}
