package dev.pgmap.core.devmem;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.devmem.OwnedPages;
import dev.pgmap.api.pgmap.Pagemap;
import dev.pgmap.core.migrate.SystemPages;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgmap.DevPagemap;

/** {@link OwnedPages} on the struct pages of a machine. */
final class CoreOwnedPages implements OwnedPages {
  private static final int PAGE_BYTES = 4096;

  private final DevmemEngine engine;
  private final MmContext context;
  private final StructPages pages;
  private final SystemPages system;

  CoreOwnedPages(DevmemEngine engine) {
    this.engine = engine;
    this.context = engine.context();
    this.pages = context.pages();
    this.system = new SystemPages(context);
  }

  @Override
  public void init(Pagemap pgmap, long pfn, int order) {
    if (!(pgmap instanceof DevPagemap live)) {
      throw new MmException(Errno.EINVAL, "page 0x%x".formatted(pfn), "no pgmap", "a live one", "");
    }
    engine.devicePages().init(live, pfn, order);
  }

  @Override
  public long data(long pfn) {
    return pages.zoneDeviceData(pages.record(pfn));
  }

  @Override
  public void setData(long pfn, long data) {
    pages.setZoneDeviceData(pages.record(pfn), data);
  }

  @Override
  public int pagemapIndex(long pfn) {
    long rec = pages.record(pages.headPfn(pfn));
    return pages.isZoneDevice(rec) ? pages.pgmapIndex(rec) : 0;
  }

  @Override
  public int order(long headPfn) {
    return pages.order(headPfn);
  }

  @Override
  public long head(long pfn) {
    return pages.headPfn(pfn);
  }

  @Override
  public long allocSystem(int order) {
    return system.alloc(order);
  }

  @Override
  public long allocBacking(int order) {
    return context.ram().allocPages(1L << order, 1);
  }

  @Override
  public void freeBacking(long pfn, int order) {
    context.ram().freePages(pfn, 1L << order);
  }

  @Override
  public void unlock(long pfn) {
    context.locks().unlock(pfn);
  }

  @Override
  public void put(long pfn) {
    context.put().put(pfn, 1);
  }

  @Override
  public void copy(long fromPfn, long toPfn, int npages) {
    for (int i = 0; i < npages; i++) {
      system.copy(fromPfn + i, toPfn + i);
    }
  }

  @Override
  public void read(long pfn, byte[] to) {
    context.memory().read(pfn << 12, to, 0, PAGE_BYTES);
  }

  @Override
  public void write(long pfn, byte[] from) {
    context.memory().write(pfn << 12, from, 0, PAGE_BYTES);
  }
}
