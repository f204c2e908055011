package dev.pgmap.core.migrate;

import dev.pgmap.api.devmem.MigratePfn;
import dev.pgmap.api.devmem.MigrateRequest;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.mm.HugeSplit;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.mm.MmuNotifiers;
import dev.pgmap.core.mm.Rmap;
import dev.pgmap.core.mm.Vma;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.Leaf;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.pgtable.SwapEntry;
import org.jspecify.annotations.Nullable;

/**
 * {@code migrate_vma_collect}: finds the pages of a range that can move, takes a reference of each
 * and its lock, and puts a migration entry where it was mapped.
 *
 * <p>A page whose lock is taken is left out. So is, from 5.19 on, one that belongs to this mapping
 * alone and may be pinned. On return no access to the pages through these entries is under way.
 */
final class Collector {
  private static final int PAGES_PER_LOCK = 512;

  private final MmContext context;
  private final MigrateRequest request;
  private final Vma vma;
  private final FaultPage faultPage;
  private final PageTables tables;
  private int collected;

  Collector(MmContext context, MigrateRequest request, Vma vma, FaultPage faultPage) {
    this.context = context;
    this.request = request;
    this.vma = vma;
    this.faultPage = faultPage;
    this.tables = vma.mm().tables();
  }

  /**
   * Fills {@code src}.
   *
   * @return how many elements have MIGRATE set
   */
  @KernelFunction("migrate_vma_collect")
  int collect(long[] src) {
    MmuNotifiers.Event event = MmuNotifiers.Event.MIGRATE;
    vma.mm()
        .notifiers()
        .around(
            new MmuNotifiers.Range(request.start(), request.end(), event, request.owner()),
            () -> collectAll(src));
    return collected;
  }

  private void collectAll(long[] src) {
    for (int i = 0; i < src.length; i += PAGES_PER_LOCK) {
      int to = Math.min(src.length, i + PAGES_PER_LOCK);
      splitSome(i, to);
      collectSome(src, i, to);
    }
    // The flush: who translated through an entry that is gone has finished its access.
    context.sync().rcu().synchronize();
  }

  /** {@code migrate_vma_split_folio}: pages move one by one, so large folios are split first. */
  private void splitSome(int from, int to) {
    for (int i = from; i < to; i++) {
      long address = request.start() + ((long) i << 12);
      Leaf leaf = tables.find(address);
      if (leaf != null && leaf.level() == Geometry.PMD && vma.isAnonymous()) {
        HugeSplit.run(vma, address);
      }
      long head = holdLargeFolio(address);
      if (head >= 0) {
        split(head);
      }
    }
  }

  /** The large folio of RAM that an address maps, with a reference taken; -1 if there is none. */
  private long holdLargeFolio(long address) {
    StructPages pages = context.pages();
    tables.lock();
    try {
      long entry = tables.entryAt(address, Geometry.PTE);
      if (!Pte.isLeaf(entry, Geometry.PTE) || !Pte.isCounted(entry)) {
        return -1;
      }
      long head = pages.headPfn(Pte.pfn(entry));
      if (pages.order(head) <= context.geometry().order(Geometry.PTE)
          || DeviceFolio.isDevice(context, head)) {
        return -1;
      }
      context.refs().mod(head, pages.record(head), 1);
      return head;
    } finally {
      tables.unlock();
    }
  }

  private void split(long head) {
    if (context.locks().tryLock(head)) {
      new FolioSplit(context).split(head);
      context.locks().unlock(head);
    }
    context.put().put(head, 1);
  }

  @KernelFunction("migrate_vma_collect_pmd")
  private void collectSome(long[] src, int from, int to) {
    tables.lock();
    try {
      for (int i = from; i < to; i++) {
        src[i] = element(request.start() + ((long) i << 12));
        collected += MigratePfn.isMigrating(src[i]) ? 1 : 0;
      }
    } finally {
      tables.unlock();
    }
  }

  private long element(long address) {
    long entry = tables.entryAt(address, Geometry.PTE);
    if (entry == 0) {
      return vma.isAnonymous() ? MigratePfn.MIGRATE : 0;
    }
    if (!Pte.isPresent(entry)) {
      return SwapEntry.isDevicePrivate(entry) && isSelected(SwapEntry.pfn(entry))
          ? unmap(address, entry, SwapEntry.pfn(entry), SwapEntry.kind(entry).isWritable())
          : 0;
    }
    if (context.ordinary().isZeroPage(Pte.pfn(entry))) {
      return selects(MigrateRequest.SYSTEM) ? MigratePfn.MIGRATE : 0;
    }
    return Pte.isCounted(entry) && isSelected(Pte.pfn(entry))
        ? unmap(address, entry, Pte.pfn(entry), Pte.isWritable(entry))
        : 0;
  }

  private boolean selects(int what) {
    return (request.select() & what) != 0;
  }

  /** Whether the request is for this kind of page, and for its owner. */
  private boolean isSelected(long pfn) {
    long head = context.pages().headPfn(pfn);
    if (!DeviceFolio.isDevice(context, head)) {
      return selects(MigrateRequest.SYSTEM);
    }
    @Nullable DevPagemap pgmap = DeviceFolio.pagemap(context, head);
    if (pgmap == null || request.owner() == null || !request.owner().equals(pgmap.spec().owner())) {
      return false;
    }
    return pgmap.spec().type() == MemoryType.PRIVATE && selects(MigrateRequest.DEVICE_PRIVATE)
        || pgmap.spec().type() == MemoryType.COHERENT && selects(MigrateRequest.DEVICE_COHERENT);
  }

  /** Takes reference and lock, and replaces the entry; returns 0 for a page that has to stay. */
  private long unmap(long address, long entry, long pfn, boolean writable) {
    StructPages pages = context.pages();
    long head = pages.headPfn(pfn);
    if (pages.mapping(pages.record(head)) == 0) {
      return 0;
    }
    context.refs().mod(head, pages.record(head), 1);
    if (!faultPage.keepsLock(head) && !context.locks().tryLock(head)) {
      context.put().put(head, 1);
      return 0;
    }
    if (!replace(address, entry, pfn, writable)) {
      if (!faultPage.keepsLock(head)) {
        context.locks().unlock(head);
      }
      context.put().put(head, 1);
      return 0;
    }
    Rmap.remove(pages, pfn, 0);
    context.put().put(head, 1);
    return MigratePfn.of(pfn) | MigratePfn.MIGRATE | (writable ? MigratePfn.WRITE : 0);
  }

  private boolean replace(long address, long seen, long pfn, boolean writable) {
    long entry = seen;
    boolean exclusive = Rmap.isExclusive(context.pages(), pfn);
    long migration = MigrationEntries.entry(pfn, writable, exclusive);
    while (!tables.exchange(address, Geometry.PTE, entry, migration)) {
      entry = tables.entryAt(address, Geometry.PTE);
    }
    // The entry is gone before the pins are looked at: who saw it has its pin, or gives up.
    if (exclusive && Rmap.maybePinned(context, context.pages().headPfn(pfn))) {
      tables.exchange(address, Geometry.PTE, migration, entry);
      return false;
    }
    context.pages().clearFlag(context.pages().record(pfn), PageFlag.ANON_EXCLUSIVE);
    if (Pte.isPresent(entry) && Pte.isDirty(entry)) {
      long head = context.pages().headPfn(pfn);
      context.pages().setFlag(context.pages().record(head), PageFlag.DIRTY);
    }
    return true;
  }
}
