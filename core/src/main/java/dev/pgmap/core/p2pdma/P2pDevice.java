package dev.pgmap.core.p2pdma;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.Pagemap;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.phys.Resource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A PCI device that offers memory behind one of its BARs to its peers: {@code struct pci_dev} with
 * its {@code struct pci_p2pdma}.
 *
 * <p>Who holds what: an allocation of the kernel ({@link #alloc}) holds the pgmap once; each page
 * that is mapped into a task holds it once, until its final put brings the page back to the pool.
 * So {@link #unbind} waits for both. Thread-safe, but unbind once.
 */
public final class P2pDevice {
  private static final int PAGE_SHIFT = 12;

  private final P2pEngine engine;
  private final String name;
  private final List<PciBar> bars;
  private final P2pPool pool;
  private final List<DevPagemap> pagemaps = new CopyOnWriteArrayList<>();
  private final List<Resource> claims;
  private final AddressSpace file;

  P2pDevice(P2pEngine engine, String name, List<PciBar> bars, List<Resource> claims) {
    this.engine = engine;
    this.name = name;
    this.bars = List.copyOf(bars);
    this.claims = List.copyOf(claims);
    this.pool = new P2pPool(name);
    this.file = engine.spaces().create(path(), new P2pFile(this));
  }

  /** Its address on the bus, such as {@code 0000:01:00.0}. */
  public String name() {
    return name;
  }

  /** Its BARs. */
  public List<PciBar> bars() {
    return bars;
  }

  /** The file by which tasks map free memory of it. */
  public String path() {
    return "/sys/bus/pci/devices/" + name + "/p2pmem/allocate";
  }

  /** What mapping that file maps. */
  public AddressSpace file() {
    return file;
  }

  /** Bytes of peer-to-peer memory. */
  public long bytes() {
    return pool.nrPages() << PAGE_SHIFT;
  }

  /** Bytes that nobody has. */
  public long availableBytes() {
    return pool.nrFreePages() << PAGE_SHIFT;
  }

  /**
   * Gives memory of a BAR struct pages, and adds it to the pool.
   *
   * @param index the BAR
   * @param bytes how much; 0 for all from {@code offset} on
   * @param offset where it begins in the BAR
   * @throws MmException EINVAL for a BAR that is no memory or a part that is not in it, and what
   *     memremap fails with; nothing changed
   */
  @KernelFunction("pci_p2pdma_add_resource")
  public void addResource(int index, long bytes, long offset) {
    PhysRange range = rangeOf(index, bytes, offset);
    PagemapSpec spec = new PagemapSpec(name, MemoryType.PCI_P2PDMA, List.of(range), 0, null, null);
    pagemaps.add(engine.pagemaps().memremap(spec, new Ops()));
    pool.grow(range.firstPfn(), range.nrPages());
    engine.log().info("%s: added peer-to-peer DMA memory %s", name, range);
  }

  private PhysRange rangeOf(int index, long bytes, long offset) {
    PciBar bar = bars.stream().filter(b -> b.index() == index).findFirst().orElse(null);
    if (bar == null || !bar.isMemory()) {
      throw new MmException(
          Errno.EINVAL,
          name + ": BAR " + index,
          bar == null ? "not there" : "I/O ports",
          "a BAR that is memory, of " + bars,
          "");
    }
    long all = bar.range().bytes();
    long wanted = bytes == 0 ? all - offset : bytes;
    if (offset < 0 || offset >= all || wanted <= 0 || wanted > all - offset) {
      throw new MmException(
          Errno.EINVAL,
          name + ": BAR " + index,
          "%d bytes at offset %d".formatted(bytes, offset),
          "a part of its %d bytes".formatted(all),
          "");
    }
    return PhysRange.ofLength(bar.range().start() + offset, wanted);
  }

  /** What happens when the last user of a page lets go ({@code p2pdma_folio_free}). */
  private final class Ops implements DevPagemapOps {
    @Override
    public void pageFree(Pagemap pgmap, long pfn) {
      pool.put(pfn, 1);
      engine.pagemaps().putDevPagemap((DevPagemap) pgmap);
    }
  }

  /**
   * Takes memory for the kernel's own use; its pages are not handed to anybody.
   *
   * @return the physical address
   * @throws MmException ENOMEM without so much in one piece, ENODEV if the device goes away
   */
  @KernelFunction("pci_alloc_p2pmem")
  public long alloc(long bytes) {
    return takePages((bytes + (1L << PAGE_SHIFT) - 1) >>> PAGE_SHIFT) << PAGE_SHIFT;
  }

  /** Gives back what {@link #alloc} took. */
  @KernelFunction("pci_free_p2pmem")
  public void free(long address, long bytes) {
    long pfn = address >>> PAGE_SHIFT;
    pool.put(pfn, (bytes + (1L << PAGE_SHIFT) - 1) >>> PAGE_SHIFT);
    engine.pagemaps().putDevPagemap(pagemapOf(pfn));
  }

  /** Pages of the pool, and one reference of their pgmap. */
  private long takePages(long nrPages) {
    if (pagemaps.isEmpty()) {
      throw gone("no peer-to-peer memory", "add some first");
    }
    long first = pool.take(nrPages);
    if (engine.pagemaps().getDevPagemap(first, null) == null) {
      pool.put(first, nrPages);
      throw gone("its memory goes away", "");
    }
    return first;
  }

  private MmException gone(String found, String nextStep) {
    return new MmException(Errno.ENODEV, name, found, "a device that offers memory", nextStep);
  }

  private DevPagemap pagemapOf(long pfn) {
    for (DevPagemap pgmap : pagemaps) {
      if (pgmap.isPfnValid(pfn)) {
        return pgmap;
      }
    }
    throw new IllegalStateException("page 0x%x is not of %s".formatted(pfn, name));
  }

  /** Pages for a mapping; the caller hands each out or gives it back, then ends this. */
  long reserve(long nrPages) {
    return takePages(nrPages);
  }

  void endReserve(long firstPfn) {
    engine.pagemaps().putDevPagemap(pagemapOf(firstPfn));
  }

  void giveBack(long firstPfn, long nrPages) {
    if (nrPages > 0) {
      pool.put(firstPfn, nrPages);
    }
  }

  /**
   * Gives a page its first reference, which is the caller's; until the page is free again it holds
   * the pgmap. A page that cannot be handed out is back in the pool.
   */
  void handOut(long pfn) {
    DevPagemap pgmap = engine.pagemaps().getDevPagemap(pfn, null);
    if (pgmap == null) {
      giveBack(pfn, 1);
      throw gone("its memory goes away", "");
    }
    engine.pages().init(pgmap, pfn, 0);
    engine.mm().devices().locks().unlock(pfn);
  }

  P2pEngine engine() {
    return engine;
  }

  /**
   * The driver lets go: nobody can map it any more, mappings go, and its memory goes offline when
   * the last holder of a page has let go. Blocks until then.
   */
  @KernelFunction("pci_p2pdma_release")
  public void unbind() {
    file.revoke();
    file.unmapMappingRange();
    pagemaps.forEach(engine.pagemaps()::memunmap);
    engine.spaces().remove(file);
    claims.forEach(engine.resources()::release);
  }

  @Override
  public String toString() {
    return name;
  }
}
