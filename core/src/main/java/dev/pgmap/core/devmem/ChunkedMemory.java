package dev.pgmap.core.devmem;

import dev.pgmap.api.MmException;
import dev.pgmap.api.devmem.DeviceMemory;
import dev.pgmap.api.devmem.DevmemFeature;
import dev.pgmap.api.devmem.DevmemKernel;
import dev.pgmap.api.devmem.OwnedMemory;
import dev.pgmap.api.devmem.OwnedPages;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.sync.Mutex;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link DeviceMemory} in chunks of 256 MiB.
 *
 * <p>The lists of free pages run through the pages themselves: each holds the number of the next
 * ({@code zone_device_data}), and 0 ends a list. While a page is in use, the same number says where
 * its bytes are.
 *
 * <p>Two locks: one around making and removing chunks, which is slow; one around the lists, which
 * the op that a final put calls takes, so nothing is put under it.
 */
final class ChunkedMemory implements DeviceMemory {
  static final long CHUNK_BYTES = 256L << 20;
  private static final long NONE = -1;
  private static final long END = 0;

  private final DevmemKernel kernel;
  private final String name;
  private final String owner;
  private final OwnedMemory kind;
  private final DevPagemapOps ops;
  private final OwnedPages pages;
  private final Mutex chunkLock = new Mutex();
  private final Mutex listLock = new Mutex();
  private final List<Chunk> chunks = new ArrayList<>();
  private long freePages = END;
  private long freeFolios = END;
  private long allocated;
  private long returned;

  ChunkedMemory(DevmemKernel kernel, String name, String owner, OwnedMemory kind) {
    this.kernel = kernel;
    this.name = name;
    this.owner = owner;
    this.kind = kind;
    this.pages = kernel.pages();
    this.ops = kind.ops(kernel, this);
    newChunk(0);
  }

  @Override
  public String owner() {
    return owner;
  }

  @Override
  public OwnedMemory kind() {
    return kind;
  }

  @Override
  public long alloc(int order) {
    try {
      long backing = kind.needsBacking() ? pages.allocBacking(order) : NONE;
      long pfn = take(order);
      if (pfn == NONE) {
        freeBacking(backing, order);
        return NONE;
      }
      Chunk chunk = chunkOf(pfn);
      pages.init(chunk.pgmap(), pfn, order);
      pages.setData(pfn, backing == NONE ? pfn : backing);
      return pfn;
    } catch (MmException e) {
      kernel.warn("no page: " + e.getMessage());
      return NONE;
    }
  }

  private void freeBacking(long backing, int order) {
    if (backing != NONE) {
      pages.freeBacking(backing, order);
    }
  }

  private long take(int order) {
    long pfn = pop(order);
    if (pfn != NONE) {
      return pfn;
    }
    newChunk(order);
    return pop(order);
  }

  private long pop(int order) {
    listLock.lock();
    try {
      long pfn = order == 0 ? freePages : freeFolios;
      if (pfn == END) {
        return NONE;
      }
      if (order == 0) {
        freePages = pages.data(pfn);
      } else {
        freeFolios = pages.data(pfn);
      }
      allocated += 1L << order;
      return pfn;
    } finally {
      listLock.unlock();
    }
  }

  /** {@code dmirror_allocate_chunk}: its pages go on a list, as folios where one was asked for. */
  private void newChunk(int order) {
    chunkLock.lock();
    try {
      PhysRange range = kind.claim(kernel, CHUNK_BYTES, name);
      boolean online = false;
      try {
        PagemapSpec spec = new PagemapSpec(name, kind.type(), List.of(range), 0, null, owner);
        Chunk chunk = new Chunk(kernel.memremap(spec, ops), range);
        online = true;
        add(chunk, order);
      } finally {
        if (!online) {
          kind.release(kernel, range);
        }
      }
    } finally {
      chunkLock.unlock();
    }
  }

  private void add(Chunk chunk, int order) {
    listLock.lock();
    try {
      chunks.add(chunk);
      for (long pfn = chunk.firstPfn(); pfn < chunk.endPfn(); pfn += 1L << order) {
        push(pfn, order);
      }
    } finally {
      listLock.unlock();
    }
    kernel.info(
        "added new %d MB chunk (total %d chunks, %d MB) PFNs [0x%x 0x%x)"
            .formatted(
                CHUNK_BYTES >> 20,
                chunks.size(),
                chunks.size() * (CHUNK_BYTES >> 20),
                chunk.firstPfn(),
                chunk.endPfn()));
  }

  private void push(long pfn, int order) {
    if (order == 0) {
      pages.setData(pfn, freePages);
      freePages = pfn;
    } else {
      pages.setData(pfn, freeFolios);
      freeFolios = pfn;
    }
  }

  private Chunk chunkOf(long pfn) {
    listLock.lock();
    try {
      return chunks.stream().filter(chunk -> chunk.holds(pfn)).findFirst().orElseThrow();
    } finally {
      listLock.unlock();
    }
  }

  @Override
  public void freed(long headPfn, int order) {
    if (kind.needsBacking()) {
      pages.freeBacking(pages.data(headPfn), order);
    }
    listLock.lock();
    try {
      returned += 1L << order;
      if (chunks.stream().anyMatch(chunk -> chunk.holds(headPfn) && !chunk.isLeaving())) {
        push(headPfn, order);
      }
    } finally {
      listLock.unlock();
    }
  }

  @Override
  public void split(long headPfn, long tailPfn) {
    if (tailPfn >= 0) {
      pages.setData(tailPfn, pages.data(headPfn) + tailPfn - headPfn);
    }
  }

  @Override
  public long backing(long pfn) {
    long head = pages.head(pfn);
    return pages.data(head) + pfn - head;
  }

  @Override
  public void evict() {
    for (Chunk chunk : chunksNow()) {
      new Eviction(kernel, this).run(chunk.firstPfn(), chunk.npages());
    }
  }

  private List<Chunk> chunksNow() {
    listLock.lock();
    try {
      return List.copyOf(chunks);
    } finally {
      listLock.unlock();
    }
  }

  @Override
  public void removeChunks() {
    chunkLock.lock();
    try {
      for (Chunk chunk : chunksNow()) {
        leave(chunk);
        if (kernel.has(DevmemFeature.MIGRATE_RANGE)) {
          new Eviction(kernel, this).run(chunk.firstPfn(), chunk.npages());
        }
        kernel.memunmap(chunk.pgmap());
        forget(chunk);
        kind.release(kernel, chunk.range());
      }
    } finally {
      chunkLock.unlock();
    }
  }

  /** {@code dmirror_remove_free_pages}: none of its pages is handed out from now on. */
  private void leave(Chunk chunk) {
    listLock.lock();
    try {
      chunk.setLeaving();
      freePages = without(chunk, freePages);
      freeFolios = without(chunk, freeFolios);
    } finally {
      listLock.unlock();
    }
  }

  private long without(Chunk chunk, long list) {
    long first = list;
    while (first != END && chunk.holds(first)) {
      first = pages.data(first);
    }
    for (long at = first; at != END; ) {
      long next = pages.data(at);
      while (next != END && chunk.holds(next)) {
        next = pages.data(next);
      }
      pages.setData(at, next);
      at = next;
    }
    return first;
  }

  private void forget(Chunk chunk) {
    listLock.lock();
    try {
      chunks.remove(chunk);
    } finally {
      listLock.unlock();
    }
  }

  @Override
  public long allocated() {
    listLock.lock();
    try {
      return allocated;
    } finally {
      listLock.unlock();
    }
  }

  @Override
  public long returned() {
    listLock.lock();
    try {
      return returned;
    } finally {
      listLock.unlock();
    }
  }
}
