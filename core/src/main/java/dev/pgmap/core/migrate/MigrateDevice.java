package dev.pgmap.core.migrate;

import dev.pgmap.api.MmException;
import dev.pgmap.api.devmem.MigratePfn;
import dev.pgmap.api.devmem.Migration;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.page.StructPages;

/**
 * Migration of device pages found by their numbers, wherever they are mapped: a driver that wants
 * its memory back, and longterm pins.
 *
 * <p>Used by one thread.
 */
public final class MigrateDevice implements Migration {
  private final MmContext context;
  private final long[] src;
  private final long[] dst;
  private final int cpages;

  private MigrateDevice(MmContext context, long[] src) {
    this.context = context;
    this.src = src;
    this.dst = new long[src.length];
    this.cpages = new Unmapper(context, FaultPage.NONE).unmap(src);
  }

  /**
   * Locks and unmaps the pages of a range that are in use; free ones, and those that are locked,
   * give 0.
   */
  @KernelFunction("migrate_device_range")
  public static MigrateDevice range(MmContext context, long firstPfn, int npages) {
    long[] src = new long[npages];
    for (int i = 0; i < npages; i++) {
      src[i] = lock(context, firstPfn + i);
    }
    return new MigrateDevice(context, src);
  }

  /** The same for pages of any numbers. */
  @KernelFunction("migrate_device_pfns")
  public static MigrateDevice pfns(MmContext context, long[] pfns) {
    long[] src = new long[pfns.length];
    for (int i = 0; i < pfns.length; i++) {
      src[i] = lock(context, pfns[i]);
    }
    return new MigrateDevice(context, src);
  }

  @KernelFunction("migrate_device_pfn_lock")
  private static long lock(MmContext context, long pfn) {
    StructPages pages = context.pages();
    long head = pages.headPfn(pfn);
    if (head != pfn || !context.refs().modUnless(head, pages.record(head), 1)) {
      return 0;
    }
    if (!context.locks().tryLock(head)) {
      context.put().put(head, 1);
      return 0;
    }
    return MigratePfn.of(pfn) | MigratePfn.MIGRATE;
  }

  /**
   * Moves a page of coherent memory to RAM, for a longterm pin ({@code
   * migrate_device_coherent_folio}).
   *
   * @param head the page, of which the caller gives up one reference
   * @return false if somebody else holds it (-EBUSY); the reference is gone then too
   */
  @KernelFunction("migrate_device_coherent_folio")
  public static boolean coherentFolio(MmContext context, long head) {
    context.locks().lock(head);
    MigrateDevice migration =
        new MigrateDevice(context, new long[] {MigratePfn.of(head) | MigratePfn.MIGRATE});
    if (migration.cpages == 0) {
      return false;
    }
    SystemPages ram = new SystemPages(context);
    try {
      long page = ram.alloc(0);
      ram.copy(head, page);
      migration.dst[0] = MigratePfn.of(page);
    } catch (MmException e) {
      context.log().warn("page 0x%x stays with its device: %s", head, e.getMessage());
    }
    migration.pages();
    boolean moved = MigratePfn.isMigrating(migration.src[0]);
    migration.finish();
    return moved;
  }

  @Override
  public int npages() {
    return src.length;
  }

  @Override
  public long[] src() {
    return src;
  }

  @Override
  public long[] dst() {
    return dst;
  }

  @Override
  public int cpages() {
    return cpages;
  }

  @KernelFunction("migrate_device_pages")
  @Override
  public void pages() {
    new Mover(context, FaultPage.NONE, null).move(src, dst);
  }

  @KernelFunction("migrate_device_finalize")
  @Override
  public void finish() {
    new Finisher(context, FaultPage.NONE).finish(src, dst);
  }
}
