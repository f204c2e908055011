package dev.pgmap.core.devmem;

import dev.pgmap.api.devmem.OwnedPages;
import dev.pgmap.api.mm.FaultRequest;
import dev.pgmap.api.mm.MappableFile;
import dev.pgmap.api.mm.VmArea;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.core.sync.Mutex;
import java.util.HashMap;
import java.util.Map;

/**
 * What {@code mmap} of a mirror's file maps: zeroed pages of RAM, one for each page of the file.
 */
final class MirrorMapping implements MappableFile {
  private final OwnedPages pages;
  private final Mutex lock = new Mutex();
  private final Map<Long, Long> pfns = new HashMap<>();

  MirrorMapping(OwnedPages pages) {
    this.pages = pages;
  }

  @Override
  public void mmap(VmArea vma) {}

  @Override
  public long mappingAlignBytes() {
    return 4096;
  }

  @Override
  public int fault(FaultRequest fault) {
    return fault.order() > 0 ? VmFault.FALLBACK : fault.insert(pageOf(fault.pgoff()));
  }

  private long pageOf(long pgoff) {
    lock.lock();
    try {
      return pfns.computeIfAbsent(pgoff, off -> newPage());
    } finally {
      lock.unlock();
    }
  }

  private long newPage() {
    long pfn = pages.allocSystem(0);
    pages.unlock(pfn);
    return pfn;
  }

  void release() {
    lock.lock();
    try {
      pfns.values().forEach(pages::put);
      pfns.clear();
    } finally {
      lock.unlock();
    }
  }
}
