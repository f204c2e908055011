package dev.pgmap.core.migrate;

import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.mm.MmuNotifiers;
import dev.pgmap.core.mm.Rmap;
import dev.pgmap.core.mm.Vma;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.pgtable.SwapEntry;
import dev.pgmap.core.pgtable.SwapEntry.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns the entries of a folio into migration entries and back, wherever they are: {@code
 * try_to_migrate} and {@code remove_migration_ptes}.
 *
 * <p>The caller holds the folio's lock and a reference, and no lock of page tables.
 */
final class MigrationEntries {
  private static final long LEAF_BITS = Pte.PRESENT | Pte.USER | Pte.ACCESSED | Pte.NX;

  private final MmContext context;
  private final StructPages pages;

  MigrationEntries(MmContext context) {
    this.context = context;
    this.pages = context.pages();
  }

  /** The migration entry for a page that was mapped in this way. */
  static long entry(long pfn, boolean writable, boolean exclusive) {
    Kind readable = exclusive ? Kind.MIGRATION_READ_EXCLUSIVE : Kind.MIGRATION_READ;
    return SwapEntry.of(writable ? Kind.MIGRATION_WRITE : readable, pfn);
  }

  private record Place(Mm mm, long address, long bytes) {}

  /**
   * Puts a migration entry wherever the folio is mapped ({@code try_to_migrate}). An entry of a
   * page that may be pinned and belongs to that mapping alone stays.
   */
  @KernelFunction("try_to_migrate")
  void set(long head) {
    List<Place> places = new ArrayList<>();
    Rmap.forEachMapping(
        context,
        head,
        (vma, address, level, entry) ->
            places.add(new Place(vma.mm(), address, context.geometry().bytes(level))));
    places.forEach(this::begin);
    int[] replaced = new int[1];
    Rmap.forEachMapping(
        context,
        head,
        (vma, address, level, entry) -> replaced[0] += replace(vma, address, level, entry) ? 1 : 0);
    places.forEach(place -> place.mm.notifiers().finish());
    context.sync().rcu().synchronize();
    for (int i = 0; i < replaced[0]; i++) {
      context.put().put(head, 1);
    }
  }

  private void begin(Place place) {
    place
        .mm
        .notifiers()
        .begin(
            new MmuNotifiers.Range(
                place.address, place.address + place.bytes, MmuNotifiers.Event.CLEAR, null));
  }

  /** {@code try_to_migrate_one}. */
  private boolean replace(Vma vma, long address, int level, long seen) {
    long entry = seen;
    if (SwapEntry.isMigration(entry)) {
      return false;
    }
    long pfn = Pte.isPresent(entry) ? Pte.pfn(entry) : SwapEntry.pfn(entry);
    boolean writable =
        Pte.isPresent(entry) ? Pte.isWritable(entry) : SwapEntry.kind(entry).isWritable();
    boolean exclusive = Rmap.isExclusive(pages, pfn);
    long migration = entry(pfn, writable, exclusive);
    while (!vma.mm().tables().exchange(address, level, entry, migration)) {
      entry = vma.mm().tables().entryAt(address, level);
    }
    if (exclusive && Rmap.maybePinned(context, pages.headPfn(pfn))) {
      vma.mm().tables().exchange(address, level, migration, entry);
      return false;
    }
    pages.clearFlag(pages.record(pfn), PageFlag.ANON_EXCLUSIVE);
    if (Pte.isPresent(entry) && Pte.isDirty(entry)) {
      pages.setFlag(pages.record(pages.headPfn(pfn)), PageFlag.DIRTY);
    }
    int order = context.geometry().order(level);
    MigrateEvents.setMigrationPte(address, migration, order);
    Rmap.remove(pages, pfn, order);
    return true;
  }

  /**
   * Maps the new folio wherever a migration entry names the old one ({@code
   * remove_migration_ptes}); both are the same if the migration failed.
   */
  @KernelFunction("remove_migration_ptes")
  void remove(long oldHead, long newHead) {
    Rmap.forEachMapping(
        context,
        oldHead,
        (vma, address, level, entry) -> {
          if (SwapEntry.isMigration(entry)) {
            restore(vma, address, level, entry, newHead + SwapEntry.pfn(entry) - oldHead);
          }
        });
  }

  /** {@code remove_migration_pte}. */
  private void restore(Vma vma, long address, int level, long migration, long pfn) {
    Kind kind = SwapEntry.kind(migration);
    int order = context.geometry().order(level);
    long head = pages.headPfn(pfn);
    long entry = mapped(vma, pfn, level, kind.isWritable());
    context.refs().mod(head, pages.record(head), 1);
    Rmap.add(pages, pfn, order);
    if (kind != Kind.MIGRATION_READ && marksExclusive() && Rmap.isAnonymous(pages, pfn)) {
      pages.setFlag(pages.record(pfn), PageFlag.ANON_EXCLUSIVE);
    }
    if (!vma.mm().tables().exchange(address, level, migration, entry)) {
      throw new IllegalStateException("migration entry changed at 0x%x".formatted(address));
    }
    MigrateEvents.removeMigrationPte(address, entry, order);
  }

  private boolean marksExclusive() {
    return context.ordinary().policies().cow().marksExclusive();
  }

  /** The entry that maps a page, or names it if only the device can reach it. */
  long mapped(Vma vma, long pfn, int level, boolean writable) {
    boolean mayWrite = writable && vma.isWritable();
    if (DeviceFolio.is(context, pages.headPfn(pfn), MemoryType.PRIVATE)) {
      return SwapEntry.of(writable ? Kind.DEVICE_WRITE : Kind.DEVICE_READ, pfn);
    }
    long huge = level > 0 ? Pte.PSE : 0;
    return Pte.of(pfn, LEAF_BITS | huge | (mayWrite ? Pte.RW | Pte.DIRTY : 0));
  }
}
