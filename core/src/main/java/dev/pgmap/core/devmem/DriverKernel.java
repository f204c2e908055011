package dev.pgmap.core.devmem;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.devmem.DeviceMemory;
import dev.pgmap.api.devmem.DeviceNode;
import dev.pgmap.api.devmem.DevmemFeature;
import dev.pgmap.api.devmem.DevmemKernel;
import dev.pgmap.api.devmem.DriverLock;
import dev.pgmap.api.devmem.MigrateRequest;
import dev.pgmap.api.devmem.Migration;
import dev.pgmap.api.devmem.OwnedMemory;
import dev.pgmap.api.devmem.OwnedPages;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.Pagemap;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.migrate.MigrateDevice;
import dev.pgmap.core.migrate.MigrateVma;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.phys.Resource;
import dev.pgmap.core.sync.Mutex;
import dev.pgmap.core.vmemmap.MemoryHotplug;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What one loaded driver gets of the engine; it takes back what the driver leaves. */
final class DriverKernel implements DevmemKernel {
  private static final long SECTION_BYTES = MemoryHotplug.SECTION_PAGES << 12;

  private final DevmemEngine engine;
  private final DevmemBus bus;
  private final String driver;
  private final Map<String, Long> parameters;
  private final CoreOwnedPages pages;
  private final Map<PhysRange, Resource> regions = new ConcurrentHashMap<>();
  private final Map<Integer, DevPagemap> pagemaps = new ConcurrentHashMap<>();

  DriverKernel(DevmemEngine engine, DevmemBus bus, String driver, Map<String, Long> parameters) {
    this.engine = engine;
    this.bus = bus;
    this.driver = driver;
    this.parameters = Map.copyOf(parameters);
    this.pages = new CoreOwnedPages(engine);
  }

  @Override
  public long parameter(String name) {
    return parameters.getOrDefault(name, 0L);
  }

  @Override
  public boolean has(DevmemFeature feature) {
    return engine.features().contains(feature);
  }

  @Override
  public int largestOrder() {
    return has(DevmemFeature.LARGE_FOLIOS) ? 9 : 0;
  }

  @Override
  public void addNode(String path, DeviceNode node) {
    bus.addNode(driver, path, node);
  }

  @Override
  public void removeNode(String path) {
    bus.removeNode(path);
  }

  @Override
  public PhysRange requestFreeRegion(long bytes, String name) {
    Resource region =
        engine.resources().requestHighest(bytes, SECTION_BYTES, engine.addressLimit(), name);
    regions.put(region.range(), region);
    return region.range();
  }

  @Override
  public void releaseRegion(PhysRange range) {
    Resource region = regions.remove(range);
    if (region != null) {
      engine.resources().release(region);
    }
  }

  @Override
  public Pagemap memremap(PagemapSpec spec, DevPagemapOps ops) {
    DevPagemap pgmap = engine.context().pagemaps().memremap(spec, ops);
    pagemaps.put(pgmap.index(), pgmap);
    return pgmap;
  }

  @Override
  public void memunmap(Pagemap pgmap) {
    DevPagemap mine = pagemaps.remove(pgmap.index());
    if (mine == null) {
      throw new MmException(
          Errno.EINVAL, "memunmap of pgmap " + pgmap.index(), "not of " + driver, "its own", "");
    }
    engine.context().pagemaps().memunmap(mine);
  }

  @Override
  public OwnedPages pages() {
    return pages;
  }

  @Override
  public Migration migrate(MigrateRequest request) {
    return MigrateVma.setup(engine.context(), request);
  }

  @Override
  public Migration migrateRange(long firstPfn, int npages) {
    return MigrateDevice.range(engine.context(), firstPfn, npages);
  }

  @Override
  public DriverLock newLock() {
    Mutex mutex = new Mutex();
    return new DriverLock() {
      @Override
      public void lock() {
        mutex.lock();
      }

      @Override
      public void unlock() {
        mutex.unlock();
      }
    };
  }

  @Override
  public DeviceMemory newMemory(String name, String owner, OwnedMemory kind) {
    return new ChunkedMemory(this, name, owner, kind);
  }

  @Override
  public void addMirrorNode(String path, DeviceMemory memory) {
    addNode(path, opener -> new MirrorFile(this, memory, opener));
  }

  @Override
  public boolean isOf(DeviceMemory memory, long pfn) {
    DevPagemap pgmap = pagemapOf(pfn);
    return pgmap != null && memory.owner().equals(pgmap.spec().owner());
  }

  private @Nullable DevPagemap pagemapOf(long pfn) {
    return engine.context().pagemaps().byIndex(pages.pagemapIndex(pfn));
  }

  @Override
  public @Nullable MemoryType typeOf(long pfn) {
    DevPagemap pgmap = pagemapOf(pfn);
    return pgmap == null ? null : pgmap.spec().type();
  }

  @Override
  public boolean isZeroPage(long pfn) {
    return engine.context().ordinary().isZeroPage(pfn);
  }

  @Override
  public void info(String message) {
    engine.context().log().info("%s: %s", driver, message);
  }

  @Override
  public void warn(String message) {
    engine.context().log().warn("%s: %s", driver, message);
  }

  /** Takes offline and gives back what the driver has left, as devres does. */
  void release() {
    pagemaps.values().forEach(engine.context().pagemaps()::memunmap);
    pagemaps.clear();
    regions.values().forEach(engine.resources()::release);
    regions.clear();
  }
}
