package dev.pgmap.core.mm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.FaultRequest;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.Leaf;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;

/**
 * One attempt of a file to map one block, {@code struct vm_fault}; see {@link FaultRequest} for
 * what a driver sees of it. Used by the thread that faults.
 */
public final class Fault implements FaultRequest {
  /** No page: what a hole of a file has. */
  public static final long NO_PFN = -1;

  static final long LEAF_BITS = Pte.PRESENT | Pte.USER | Pte.ACCESSED | Pte.NX;

  private final Vma vma;
  private final AddressSpace space;
  private final long address;
  private final int level;
  private final int order;
  private final long bytes;
  private final boolean write;
  private final boolean mkwrite;

  Fault(Vma vma, AddressSpace space, long address, int level, boolean write, boolean mkwrite) {
    Geometry geometry = vma.mm().context().geometry();
    this.vma = vma;
    this.space = space;
    this.address = address & -4096L;
    this.level = level;
    this.order = geometry.order(level);
    this.bytes = geometry.bytes(level);
    this.write = write;
    this.mkwrite = mkwrite;
  }

  @Override
  public Vma vma() {
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

  /**
   * Whether an entry that does not allow the write is there already ({@code FAULT_FLAG_MKWRITE}).
   */
  public boolean isMkwrite() {
    return mkwrite;
  }

  /** Whether what is written must become a copy: the area is private. */
  public boolean isCow() {
    return write && !vma.isShared();
  }

  /** The level of the entry asked for, a constant of {@link Geometry}. */
  public int level() {
    return level;
  }

  /** Where the block that an entry of this level maps begins. */
  public long blockStart() {
    return address & -bytes;
  }

  @Override
  public long pgoff() {
    return vma.pgoffOf(address);
  }

  /**
   * Maps the block to a page of a file: {@code vmf_insert_mixed}, {@code vmf_insert_pfn_pmd}, or
   * {@code vmf_insert_page_mkwrite} and {@code vmf_insert_folio_pmd}, with what the era's mappings
   * hold. The file has set mapping and index, and keeps the page from being freed for the time of
   * the call.
   *
   * @param pfn first pfn of the block, aligned to the order
   * @param writable whether the entry allows writes from now on, and is dirty
   * @return a {@link VmFault} code
   */
  @KernelFunction("vmf_insert_page_mkwrite")
  public int insertPage(long pfn, boolean writable) {
    checkPfn(pfn);
    return blockLiesOutside()
        ? VmFault.SIGBUS
        : insertEntry(
            policyOf(pfn), blockStart(), pfn, leafBits(policyOf(pfn), writable, writable));
  }

  /**
   * Maps the block to memory that no entry holds or counts, such as the zero page, for reading.
   *
   * @param pfn first pfn of the block, aligned to the order
   */
  public int insertSpecial(long pfn) {
    return insertUncounted(pfn, 0);
  }

  /**
   * Maps the block to frames that are no pages: {@code vmf_insert_pfn}, {@code vmf_insert_pfn_pmd}
   * and {@code vmf_insert_pfn_pud}. Writable where a shared area is.
   *
   * @param pfn first pfn of the block, aligned to the order
   */
  @KernelFunction("vmf_insert_pfn_prot")
  public int insertFrame(long pfn) {
    return insertUncounted(pfn, vma.isWritable() && vma.isShared() ? Pte.RW : 0);
  }

  private int insertUncounted(long pfn, long access) {
    checkPfn(pfn);
    if (blockLiesOutside()) {
      return VmFault.SIGBUS;
    }
    long huge = level == Geometry.PTE ? 0 : Pte.PSE;
    long bits = LEAF_BITS | Pte.SPECIAL | huge | access;
    PageTables tables = vma.mm().tables();
    tables.lock();
    try {
      if (tables.entryAt(blockStart(), level) == 0) {
        tables.insertLeaf(blockStart(), level, Pte.of(pfn, bits));
      }
      return VmFault.NOPAGE;
    } finally {
      tables.unlock();
    }
  }

  /** Whether another fault has put something of another size where the entry would stand. */
  public boolean isOvertaken() {
    PageTables tables = vma.mm().tables();
    tables.lock();
    try {
      Leaf there = tables.find(address);
      return there != null && there.level() > level
          || Pte.isTable(tables.entryAt(blockStart(), level), level);
    } finally {
      tables.unlock();
    }
  }

  private boolean blockLiesOutside() {
    return blockStart() < vma.start() || blockStart() + bytes > vma.end();
  }

  @KernelFunction("vmf_insert_pfn")
  @Override
  public int insert(long pfn) {
    long block = blockStart();
    checkPfn(pfn);
    if (blockLiesOutside()) {
      return VmFault.SIGBUS;
    }
    if (write && !vma.isShared()) {
      return level == Geometry.PTE ? insertCopy(pfn) : VmFault.FALLBACK;
    }
    MappingPolicy policy = policyOf(pfn);
    if (policy.setsMappingFirst()) {
      setMapping(block, pfn);
    }
    int result = insertEntry(policy, block, pfn, leafBits(policy, vma.isWritable(), write));
    if (!policy.setsMappingFirst() && result == VmFault.NOPAGE) {
      setMapping(block, pfn);
    }
    return result;
  }

  /** Pages of RAM are mapped in one way in all kernels; those of a device as the kernel does. */
  private MappingPolicy policyOf(long pfn) {
    MmContext context = vma.mm().context();
    long rec = context.pages().recordOrZero(pfn);
    boolean device = rec == 0 || context.pages().isZoneDevice(rec);
    return device ? context.mappingPolicy() : MappingPolicy.NORMAL_PAGES;
  }

  /**
   * Maps the address of a private area to a new page of its own, with the bytes of another or
   * zeroes ({@code do_cow_fault} and {@code dax_fault_cow_page}).
   *
   * @param pfn the page to copy, or {@link #NO_PFN}
   * @return a {@link VmFault} code
   * @throws MmException EINVAL for a shared area or a huge fault; ENOMEM, which the fault handler
   *     answers with {@link VmFault#OOM}
   */
  @KernelFunction("do_cow_fault")
  public int insertCopy(long pfn) {
    requirePrivateBasePage("a copy");
    long copy =
        pfn == NO_PFN
            ? AnonPages.alloc(vma, blockStart())
            : AnonPages.allocCopy(vma, blockStart(), pfn);
    AnonPages.mapOrPut(vma, blockStart(), copy, write);
    return VmFault.NOPAGE;
  }

  private void requirePrivateBasePage(String what) {
    if (vma.isShared() || level != Geometry.PTE) {
      throw new MmException(
          Errno.EINVAL,
          "%s: fault at 0x%x".formatted(space, address),
          "%s for order %d of a %s mapping"
              .formatted(what, order, vma.isShared() ? "shared" : "private"),
          "a base page of a private one",
          "answer FALLBACK, or insert the page itself");
    }
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

  private int insertEntry(MappingPolicy policy, long block, long pfn, long bits) {
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
      tables.makeTables(block, level);
      policy.enter(context, pfn, order);
      tables.insertLeaf(block, level, Pte.of(pfn, bits));
      return VmFault.NOPAGE;
    } finally {
      tables.unlock();
    }
  }

  private long leafBits(MappingPolicy policy, boolean writable, boolean dirty) {
    return LEAF_BITS
        | policy.leafBits()
        | (level == Geometry.PTE ? 0 : Pte.PSE)
        | (writable && vma.isWritable() && vma.isShared() ? Pte.RW : 0)
        | (dirty ? Pte.DIRTY : 0);
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
