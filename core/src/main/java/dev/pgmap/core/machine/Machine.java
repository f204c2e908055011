package dev.pgmap.core.machine;

import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.dax.DaxBus;
import dev.pgmap.core.dax.DaxPmem;
import dev.pgmap.core.dax.DaxServices;
import dev.pgmap.core.dax.DevMem;
import dev.pgmap.core.dax.DevNodes;
import dev.pgmap.core.dax.KmemDriver;
import dev.pgmap.core.dax.SysfsView;
import dev.pgmap.core.devmem.DevmemBus;
import dev.pgmap.core.devmem.DevmemEngine;
import dev.pgmap.core.failure.ErrorInjection;
import dev.pgmap.core.failure.MemoryFailure;
import dev.pgmap.core.fs.Files;
import dev.pgmap.core.fs.Filesystems;
import dev.pgmap.core.fsdax.FsDaxContext;
import dev.pgmap.core.fsdax.FsDaxFiles;
import dev.pgmap.core.gup.Gup;
import dev.pgmap.core.gup.VmStat;
import dev.pgmap.core.hotplug.MemoryBlocks;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.migrate.MigrateDevice;
import dev.pgmap.core.mm.AddressSpaces;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.mm.MmDevices;
import dev.pgmap.core.mm.OrdinaryMemory;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.mm.TmpFiles;
import dev.pgmap.core.nvdimm.NamespaceMode;
import dev.pgmap.core.nvdimm.NvdimmBus;
import dev.pgmap.core.p2pdma.P2pBus;
import dev.pgmap.core.p2pdma.P2pEngine;
import dev.pgmap.core.page.LineMeter;
import dev.pgmap.core.page.PageLocks;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.page.SubsectionMap;
import dev.pgmap.core.pgmap.DevicePages;
import dev.pgmap.core.pgmap.PagePut;
import dev.pgmap.core.pgmap.Pagemaps;
import dev.pgmap.core.pgtable.TableWalker;
import dev.pgmap.core.phys.PageMath;
import dev.pgmap.core.phys.PhysicalMemory;
import dev.pgmap.core.phys.Ram;
import dev.pgmap.core.phys.ResourceKind;
import dev.pgmap.core.phys.ResourceTree;
import dev.pgmap.core.pmem.PmemBus;
import dev.pgmap.core.pmem.PmemServices;
import dev.pgmap.core.sync.Sync;
import dev.pgmap.core.vmemmap.MemoryHotplug;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A machine: the root object, which owns everything else.
 *
 * <p>Boot order: memory and device files, RAM and its struct pages, pgmaps, gup, then the buses. No
 * state is shared between machines; {@link #close} frees all that one took. Thread-safe, but close
 * only when nothing runs on it.
 */
public final class Machine implements AutoCloseable {
  private static final long SECTION_BYTES = MemoryHotplug.SECTION_PAGES << PageMath.PAGE_SHIFT;
  private static final int FIRST_PID = 100;

  private final MachineSpec spec;
  private final Sync sync;
  private final KernelLog log;
  private final PhysicalMemory memory;
  private final ResourceTree resources = new ResourceTree();
  private final Ram ram;
  private final StructPages structPages;
  private final PageRefs pageRefs;
  private final Pagemaps pagemaps;
  private final PageLocks pageLocks;
  private final DevicePages devicePages;
  private final VmStat vmstat = new VmStat();
  private final PagePut put;
  private final Gup gup;
  private final OrdinaryMemory ordinary;
  private final MmContext mmContext;
  private final AddressSpaces addressSpaces = new AddressSpaces();
  private final MemoryFailure memoryFailure;
  private final ErrorInjection errorInjection;
  private final MemoryBlocks memoryBlocks;
  private final DevmemBus devmemBus;
  private final DaxBus daxBus;
  private final SysfsView sysfs;
  private final NvdimmBus nvdimm;
  private final P2pBus p2pBus;
  private final PmemBus pmemBus;
  private final Filesystems filesystems;
  private final Files files;

  private Machine(MachineSpec spec, PageRefs pageRefs, PhysicalMemory memory) {
    this.spec = spec;
    this.memory = memory;
    this.sync = new Sync(spec.nrCpus());
    this.log = new KernelLog(sync.clock());
    this.ram = new Ram(memory, spec.ram());
    SubsectionMap map = new SubsectionMap(spec.addressLimit() >>> PageMath.PAGE_SHIFT);
    this.structPages = new StructPages(map);
    this.pageRefs = pageRefs;
    MemoryHotplug hotplug =
        new MemoryHotplug(sync, log, memory, ram, map, spec.era().pagemap().shape());
    this.pagemaps =
        new Pagemaps(sync, log, resources, hotplug, structPages, pageRefs, spec.era().pagemap());
    this.pageLocks = new PageLocks(structPages, sync.varWaits());
    this.devicePages = new DevicePages(log, structPages, pageRefs, pageLocks, spec.era().pagemap());
    this.put = new PagePut(sync, log, structPages, pageRefs, pagemaps, ram);
    registerMemory();
    hotplug.addBootMemory();
    this.ordinary =
        new OrdinaryMemory(ram, structPages, pageRefs, spec.geometry(), spec.era().anon());
    this.gup = newGup(spec.walker(), null);
    AtomicInteger nextPid = new AtomicInteger(FIRST_PID);
    this.mmContext =
        new MmContext(
            sync,
            log,
            memory,
            structPages,
            pageRefs,
            put,
            ram,
            spec.geometry(),
            spec.walker(),
            spec.era().mapping(),
            addressSpaces,
            ordinary,
            new MmDevices(pageLocks, pagemaps, spec.era().swap()),
            nextPid::getAndIncrement);
    this.memoryFailure =
        new MemoryFailure(
            sync,
            log,
            ram,
            structPages,
            pageRefs,
            pagemaps,
            put,
            addressSpaces,
            mmContext,
            spec.era().failure());
    this.devmemBus =
        new DevmemBus(
            new DevmemEngine(
                mmContext,
                devicePages,
                resources,
                addressSpaces,
                spec.addressLimit(),
                spec.era().swap().features()));
    this.errorInjection = new ErrorInjection(log, structPages, gup, memoryFailure);
    this.memoryBlocks = new MemoryBlocks(ram, structPages, pageRefs, hotplug, resources);
    this.daxBus =
        new DaxBus(
            new DaxServices(
                pagemaps, resources, new DevNodes(addressSpaces), log, spec.geometry()));
    this.sysfs = new SysfsView(daxBus);
    this.p2pBus =
        new P2pBus(new P2pEngine(mmContext, pagemaps, devicePages, resources, addressSpaces, log));
    this.nvdimm =
        new NvdimmBus(
            memory,
            resources,
            log,
            spec.geometry(),
            spec.pmem().stream().map(MachineSpec.Pmem::range).toList());
    this.pmemBus = new PmemBus(new PmemServices(pagemaps, memory, log));
    this.filesystems =
        new Filesystems(
            new FsDaxFiles(
                new FsDaxContext(mmContext, addressSpaces, memoryFailure, spec.era().fsdax())),
            spec.era().fsdax().association().allowsSharing(),
            log);
    this.files = new Files(daxBus.nodes(), filesystems, new TmpFiles(mmContext), p2pBus);
    pmemBus.setOpenCheck(filesystems::checkNotMounted);
    DevMem.publish(daxBus.nodes(), resources);
    daxBus.registerDriver(new KmemDriver(memoryBlocks, resources, log, spec.era().kmem()));
    log.info("pgmap machine: era %s, %d cpus", spec.era().name(), spec.nrCpus());
    startBuses();
  }

  private void startBuses() {
    nvdimm.start(
        Map.of(
            NamespaceMode.DEVDAX, new DaxPmem(daxBus, memoryBlocks), NamespaceMode.FSDAX, pmemBus));
    int nextRegion = spec.pmem().size();
    for (MachineSpec.SoftReserved reserved : spec.softReserved()) {
      daxBus.addDynamicRegion(nextRegion++, reserved.range(), reserved.alignBytes());
    }
  }

  private Gup newGup(TableWalker walker, @Nullable LineMeter meter) {
    return new Gup(
        sync,
        log,
        structPages,
        pageRefs,
        pagemaps,
        put,
        vmstat,
        spec.era().gup(),
        ordinary,
        walker,
        head -> MigrateDevice.coherentFolio(mmContext, head),
        meter);
  }

  private void registerMemory() {
    for (PhysRange range : spec.ram()) {
      resources.request(range, "System RAM", ResourceKind.SYSTEM_RAM);
    }
    for (MachineSpec.Pmem pmem : spec.pmem()) {
      resources.request(pmem.range(), "Persistent Memory (legacy)", ResourceKind.PERSISTENT_MEMORY);
    }
    for (MachineSpec.SoftReserved reserved : spec.softReserved()) {
      resources.request(reserved.range(), "Soft Reserved", ResourceKind.SOFT_RESERVED);
    }
  }

  /**
   * Boots a machine.
   *
   * @throws dev.pgmap.api.MmException if a device file cannot be used or the host has no room;
   *     nothing is left behind
   */
  public static Machine boot(MachineSpec spec) {
    return boot(spec, new PageRefs());
  }

  /**
   * Boots a machine all of whose counts change through an object made by the caller, who can so
   * record every change.
   */
  public static Machine boot(MachineSpec spec, PageRefs pageRefs) {
    PhysicalMemory memory = new PhysicalMemory(PageMath.alignUp(spec.endAddress(), SECTION_BYTES));
    try {
      for (MachineSpec.Pmem pmem : spec.pmem()) {
        if (pmem.file() != null) {
          memory.attachFile(pmem.range(), pmem.file());
        }
      }
      return new Machine(spec, pageRefs, memory);
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  /** What it is made of. */
  public MachineSpec spec() {
    return spec;
  }

  /** Whose kernel it behaves like. */
  public Era era() {
    return spec.era();
  }

  /** Its ordering and clock. */
  public Sync sync() {
    return sync;
  }

  /** Its kernel log. */
  public KernelLog log() {
    return log;
  }

  /** All of its bytes. */
  public PhysicalMemory memory() {
    return memory;
  }

  /** Who claims which addresses. */
  public ResourceTree resources() {
    return resources;
  }

  /** Its page frames. */
  public Ram ram() {
    return ram;
  }

  /** Its struct pages. */
  public StructPages structPages() {
    return structPages;
  }

  /** Their counts. */
  public PageRefs pageRefs() {
    return pageRefs;
  }

  /** Its pgmaps. */
  public Pagemaps pagemaps() {
    return pagemaps;
  }

  /** How drivers hand out pages of memory that their devices own. */
  public DevicePages devicePages() {
    return devicePages;
  }

  /** The locks of its pages. */
  public PageLocks pageLocks() {
    return pageLocks;
  }

  /** How references of its pages are dropped. */
  public PagePut pagePut() {
    return put;
  }

  /** Its pin counters. */
  public VmStat vmstat() {
    return vmstat;
  }

  /** get_user_pages and its relatives. */
  public Gup gup() {
    return gup;
  }

  /** What it does about pages that fail. */
  public MemoryFailure memoryFailure() {
    return memoryFailure;
  }

  /** Ways to make its pages fail. */
  public ErrorInjection errorInjection() {
    return errorInjection;
  }

  /** Its regions and namespaces of persistent memory. */
  public NvdimmBus nvdimm() {
    return nvdimm;
  }

  /** Its memory blocks. */
  public MemoryBlocks memoryBlocks() {
    return memoryBlocks;
  }

  /** Its devices that own memory, and their drivers. */
  public DevmemBus devmemBus() {
    return devmemBus;
  }

  /** Its dax regions and devices, and their drivers. */
  public DaxBus daxBus() {
    return daxBus;
  }

  /** Its pmem block devices, and their drivers. */
  public PmemBus pmemBus() {
    return pmemBus;
  }

  /** Its types of file systems, and what is mounted. */
  public Filesystems filesystems() {
    return filesystems;
  }

  /** Its files that can be mapped: device nodes, and files of mounted file systems. */
  public Files files() {
    return files;
  }

  /** Its PCI devices with peer-to-peer memory. */
  public P2pBus p2pBus() {
    return p2pBus;
  }

  /** What {@code /sys/bus/dax} shows. */
  public SysfsView sysfs() {
    return sysfs;
  }

  /** The files that its struct pages name as their mapping. */
  public AddressSpaces addressSpaces() {
    return addressSpaces;
  }

  /** What address spaces are built on. */
  public MmContext mmContext() {
    return mmContext;
  }

  /** A second way into gup, over the same tables by that walker. */
  public Gup gupBy(TableWalker walker) {
    return newGup(walker, null);
  }

  /** A second way into gup, which counts the struct-page lines that a kernel would touch. */
  public Gup meteredGup(LineMeter meter) {
    return newGup(spec.walker(), meter);
  }

  /** A new task with an empty address space. */
  public Task newTask(String comm) {
    return Task.create(mmContext, comm);
  }

  /** Gives everything back to the host; what is in device files stays there. */
  @Override
  public void close() {
    structPages.map().clear();
    sync.rcu().synchronize();
    memory.close();
  }
}
