package dev.pgmap.core.hotplug;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.page.PageLayout;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.phys.PageMath;
import dev.pgmap.core.phys.Ram;
import dev.pgmap.core.phys.Resource;
import dev.pgmap.core.phys.ResourceKind;
import dev.pgmap.core.phys.ResourceTree;
import dev.pgmap.core.phys.Zone;
import dev.pgmap.core.sync.Mutex;
import dev.pgmap.core.vmemmap.Memmap;
import dev.pgmap.core.vmemmap.MemoryHotplug;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The memory blocks of a machine: those of its RAM at boot, and what drivers add.
 *
 * <p>Memory that is added gets struct pages, which nobody initialises yet. Online initialises them
 * (one reference each, then free) and gives the frames to the allocator. Offline takes the frames
 * away again, if all of them are free; unlike a kernel, it moves nobody's memory elsewhere. Memory
 * is removed only when all its blocks are offline.
 *
 * <p>Thread-safe: one lock, {@code device_hotplug_lock}.
 */
public final class MemoryBlocks {
  private static final long FLAGS = PageLayout.ZONE_NORMAL << PageLayout.ZONE_SHIFT;

  /**
   * Memory that a driver added.
   *
   * @param memmap its struct pages
   * @param resource its claim
   */
  private record Added(Memmap memmap, Resource resource) {}

  private final Ram ram;
  private final StructPages pages;
  private final PageRefs refs;
  private final MemoryHotplug hotplug;
  private final ResourceTree resources;
  private final Mutex lock = new Mutex();
  private final TreeMap<Long, MemoryBlock> blocks = new TreeMap<>();
  private final TreeMap<Long, Added> addedByStart = new TreeMap<>();
  private volatile OnlineType autoOnline = OnlineType.OFFLINE;

  /** The blocks of RAM as it is at boot, all of them online; what is added stays offline. */
  public MemoryBlocks(
      Ram ram, StructPages pages, PageRefs refs, MemoryHotplug hotplug, ResourceTree resources) {
    this.ram = ram;
    this.pages = pages;
    this.refs = refs;
    this.hotplug = hotplug;
    this.resources = resources;
    for (PhysRange range : ram.ranges()) {
      for (long id = range.start() / MemoryBlock.BYTES;
          id <= range.end() / MemoryBlock.BYTES;
          id++) {
        blocks.put(id, new MemoryBlock(id, false, Zone.NORMAL));
      }
    }
  }

  /** All blocks, by number. */
  public List<MemoryBlock> all() {
    lock.lock();
    try {
      return List.copyOf(blocks.values());
    } finally {
      lock.unlock();
    }
  }

  /** The blocks whose memory lies in a range, by number. */
  public List<MemoryBlock> in(PhysRange range) {
    lock.lock();
    try {
      return inLocked(range);
    } finally {
      lock.unlock();
    }
  }

  private List<MemoryBlock> inLocked(PhysRange range) {
    return blocks.values().stream().filter(block -> range.contains(block.range())).toList();
  }

  /** What is done with memory when it is added ({@code auto_online_blocks}). */
  public OnlineType autoOnline() {
    return autoOnline;
  }

  /** Sets what is done with memory when it is added. */
  public void setAutoOnline(OnlineType type) {
    autoOnline = type;
  }

  /**
   * {@code add_memory_driver_managed}: makes blocks of memory, offline unless the machine is told
   * to bring them online at once.
   *
   * @param range whole blocks
   * @param name what {@code /proc/iomem} calls it
   * @throws MmException EINVAL for a part of a block, EEXIST and EBUSY if the memory is in use,
   *     ENOMEM; nothing is left behind
   */
  @KernelFunction("add_memory_driver_managed")
  public void add(PhysRange range, String name) {
    checkWholeBlocks(range);
    lock.lock();
    try {
      checkNoBlocks(range);
      Resource resource = resources.request(range, name, ResourceKind.SYSTEM_RAM);
      try {
        Memmap memmap = hotplug.add(range, null, 0, range.firstPfn());
        addedByStart.put(range.start(), new Added(memmap, resource));
      } catch (MmException e) {
        resources.release(resource);
        throw e;
      }
      addBlocks(range);
    } finally {
      lock.unlock();
    }
  }

  private static void checkWholeBlocks(PhysRange range) {
    if (!PageMath.isAligned(range.start(), MemoryBlock.BYTES)
        || !PageMath.isAligned(range.bytes(), MemoryBlock.BYTES)) {
      throw new MmException(
          Errno.EINVAL, "memory " + range, "a part of a block", "whole blocks of 128 MiB", "");
    }
  }

  private void checkNoBlocks(PhysRange range) {
    Collection<MemoryBlock> there =
        blocks
            .subMap(range.start() / MemoryBlock.BYTES, (range.end() + 1) / MemoryBlock.BYTES)
            .values();
    if (!there.isEmpty()) {
      throw new MmException(
          Errno.EEXIST, "memory " + range, "it has " + there, "memory without blocks", "");
    }
  }

  private void addBlocks(PhysRange range) {
    for (long at = range.start(); at < range.end(); at += MemoryBlock.BYTES) {
      MemoryBlock block = new MemoryBlock(at / MemoryBlock.BYTES, true, null);
      blocks.put(block.id(), block);
      if (autoOnline != OnlineType.OFFLINE) {
        onlineLocked(block, autoOnline);
      }
    }
  }

  /**
   * {@code remove_memory}: takes memory that was added away again, with its struct pages.
   *
   * @param range as it was added
   * @throws MmException EBUSY if a block is online, EINVAL if it was not added; nothing changed
   */
  @KernelFunction("remove_memory")
  public void remove(PhysRange range) {
    lock.lock();
    try {
      Added added = addedByStart.get(range.start());
      if (added == null || !added.memmap.range().equals(range)) {
        throw new MmException(
            Errno.EINVAL, "memory " + range, "never added as one", "what a driver added", "");
      }
      List<MemoryBlock> own = inLocked(range);
      checkOffline(range, own);
      own.forEach(block -> blocks.remove(block.id()));
      addedByStart.remove(range.start());
      hotplug.remove(added.memmap, "it was System RAM, block " + own.getFirst() + " and following");
      resources.release(added.resource);
    } finally {
      lock.unlock();
    }
  }

  private static void checkOffline(PhysRange range, List<MemoryBlock> own) {
    List<MemoryBlock> online = own.stream().filter(MemoryBlock::isOnline).toList();
    if (!online.isEmpty()) {
      throw new MmException(
          Errno.EBUSY,
          "memory " + range,
          "still online: " + online,
          "blocks that are offline",
          "daxctl offline-memory");
    }
  }

  /**
   * The block of that name.
   *
   * @throws MmException ENOENT
   */
  public MemoryBlock block(String name) {
    return all().stream()
        .filter(block -> block.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new MmException(Errno.ENOENT, name, "no such memory block", "one that ls shows", ""));
  }

  /**
   * Changes the state of a block, as a write to its file {@code state} does; nothing happens if it
   * is as asked for.
   *
   * @throws MmException EINVAL for a block with holes, EBUSY if pages of it are in use
   */
  public void setState(MemoryBlock block, OnlineType type) {
    lock.lock();
    try {
      if (type == OnlineType.OFFLINE) {
        offlineLocked(block);
      } else {
        onlineLocked(block, type);
      }
    } finally {
      lock.unlock();
    }
  }

  @KernelFunction("online_pages")
  private void onlineLocked(MemoryBlock block, OnlineType type) {
    if (block.isOnline()) {
      return;
    }
    PhysRange range = block.range();
    for (long pfn = range.firstPfn(); pfn < range.endPfn(); pfn++) {
      long rec = pages.record(pfn);
      pages.init(rec, FLAGS, 0);
      refs.set(pfn, rec, 1, false);
      refs.set(pfn, rec, 0, false);
    }
    Zone zone = Objects.requireNonNull(type.zone());
    ram.online(range, zone);
    block.enter(zone);
  }

  @KernelFunction("offline_pages")
  private void offlineLocked(MemoryBlock block) {
    if (block.isOnline()) {
      ram.offline(block.range());
      block.enter(null);
    }
  }
}
