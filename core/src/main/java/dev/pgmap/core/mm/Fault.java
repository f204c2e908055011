package dev.pgmap.core.mm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.FaultRequest;
import dev.pgmap.api.mm.VmArea;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.Leaf;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;

/** One attempt of a file to map one block; see {@link FaultRequest}. */
final class Fault implements FaultRequest {
  static final long LEAF_BITS = Pte.PRESENT | Pte.USER | Pte.ACCESSED | Pte.NX;

  private final Vma vma;
  private final AddressSpace space;
  private final long address;
  private final int level;
  private final int order;
  private final long bytes;
  private final boolean write;

  Fault(Vma vma, AddressSpace space, long address, int level, boolean write) {
    Geometry geometry = vma.mm().context().geometry();
    this.vma = vma;
    this.space = space;
    this.address = address & -4096L;
    this.level = level;
    this.order = geometry.order(level);
    this.bytes = geometry.bytes(level);
    this.write = write;
  }

  @Override
  public VmArea vma() {
    return vma;
  }

  @Override
  public long address() {
    return address;
  }

  @Override
  public int order() {
    return order;
  }

  @Override
  public boolean isWrite() {
    return write;
  }

  @Override
  public long pgoff() {
    return vma.pgoffOf(address);
  }

  @KernelFunction("vmf_insert_pfn")
  @Override
  public int insert(long pfn) {
    long block = address & -bytes;
    checkPfn(pfn);
    if (block < vma.start() || block + bytes > vma.end()) {
      return VmFault.SIGBUS;
    }
    MappingPolicy policy = vma.policy();
    if (policy.setsMappingFirst()) {
      setMapping(block, pfn);
    }
    int result = insertEntry(policy, block, pfn);
    if (!policy.setsMappingFirst() && result == VmFault.NOPAGE) {
      setMapping(block, pfn);
    }
    return result;
  }

  private void checkPfn(long pfn) {
    if (pfn < 0 || pfn >= Pte.PFN_END || (pfn & ((1L << order) - 1)) != 0) {
      throw new MmException(
          Errno.EINVAL,
          "%s: fault at 0x%x".formatted(space, address),
          "pfn 0x%x".formatted(pfn),
          "a pfn that is a multiple of %d".formatted(1L << order),
          "");
    }
  }

  /**
   * {@code dax_set_mapping}: a compound page keeps mapping and index in its head, base pages each
   * their own. What is set stays.
   */
  private void setMapping(long block, long pfn) {
    StructPages pages = vma.mm().context().pages();
    long pgoff = vma.pgoffOf(block);
    long nrPages = 1L << order;
    for (long i = 0; i < nrPages; ) {
      long headPfn = pages.headPfn(pfn + i);
      long rec = pages.record(headPfn);
      if (pages.mapping(rec) == 0) {
        pages.setIndex(rec, pgoff + i - (pfn + i - headPfn));
        pages.setMapping(rec, space.id());
      }
      i += (1L << pages.order(headPfn)) - (pfn + i - headPfn);
    }
  }

  private int insertEntry(MappingPolicy policy, long block, long pfn) {
    MmContext context = vma.mm().context();
    PageTables tables = vma.mm().tables();
    tables.lock();
    try {
      Leaf there = tables.find(block);
      if (there != null && there.level() >= level) {
        return there.level() > level ? VmFault.NOPAGE : insertOver(tables, block, pfn);
      }
      if (tables.entryAt(block, level) != 0) {
        return VmFault.FALLBACK;
      }
      if (!policy.accepts(context, pfn, order)) {
        context.log().warn("%s: page 0x%x cannot be mapped with order %d", space, pfn, order);
        return VmFault.SIGBUS;
      }
      policy.enter(context, pfn, order);
      tables.insertLeaf(block, level, Pte.of(pfn, leafBits(policy)));
      return VmFault.NOPAGE;
    } finally {
      tables.unlock();
    }
  }

  private long leafBits(MappingPolicy policy) {
    return LEAF_BITS
        | policy.leafBits()
        | (level == Geometry.PTE ? 0 : Pte.PSE)
        | (vma.isWritable() ? Pte.RW : 0)
        | (write ? Pte.DIRTY : 0);
  }

  /** A leaf is there already: another thread was faster, or a write needs more bits. */
  private int insertOver(PageTables tables, long block, long pfn) {
    while (write) {
      long found = tables.entryAt(block, level);
      if (Pte.pfn(found) != pfn) {
        vma.mm()
            .context()
            .log()
            .warn("%s: 0x%x maps page 0x%x, not 0x%x", space, block, Pte.pfn(found), pfn);
        break;
      }
      long upgraded = found | Pte.ACCESSED | Pte.DIRTY | (vma.isWritable() ? Pte.RW : 0);
      if (tables.replaceLeaf(block, level, found, upgraded)) {
        break;
      }
    }
    return VmFault.NOPAGE;
  }
}
