package dev.pgmap.core.mm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.phys.PageMath;
import dev.pgmap.core.sync.Mutex;
import dev.pgmap.core.sync.RwSemaphore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code struct mm_struct}: the address space of a task.
 *
 * <p>Threading: any number of threads may load, store and fault at once; mmap, munmap, fork and
 * exit take the mmap lock as writers. {@link #findVma} and {@link #handleFaultLocked} want the mmap
 * lock held by the caller, as a reader or a writer; everything else takes what it needs. A load or
 * store that races with munmap hits either the old page or nothing.
 */
public final class Mm {
  /** {@code MREMAP_MAYMOVE}. */
  public static final int MREMAP_MAYMOVE = Mremap.MAYMOVE;

  /** {@code MREMAP_FIXED}. */
  public static final int MREMAP_FIXED = Mremap.FIXED;

  /** {@code MREMAP_DONTUNMAP}. */
  public static final int MREMAP_DONTUNMAP = Mremap.DONTUNMAP;

  private static final long MAP_WINDOW_END = 0x7fff_ffff_f000L;

  private final MmContext context;
  private final int pid;
  private final Task owner;
  private final PageTables tables;
  private final VmaTree vmas = new VmaTree();
  private final RwSemaphore mmapLock = new RwSemaphore();
  private final AtomicInteger writeProtectSeq = new AtomicInteger();
  private final MmuNotifiers notifiers = new MmuNotifiers();
  private final UserAccess access;
  private final Mutex hugeZeroLock = new Mutex();
  private long hugeZeroPfn = -1;
  private volatile boolean hasPinned;
  private boolean exited;

  /** An empty address space; {@code pid} names it in messages. */
  Mm(MmContext context, int pid, Task owner) {
    this.context = context;
    this.pid = pid;
    this.owner = owner;
    this.tables = new PageTables(context.geometry(), context.walker(), context.ram().faults());
    this.access = new UserAccess(this);
  }

  /** What it is built on. */
  public MmContext context() {
    return context;
  }

  /** The process id of its task. */
  public int pid() {
    return pid;
  }

  /** The task whose address space it is. */
  public Task owner() {
    return owner;
  }

  /** Who mirrors its page tables. */
  public MmuNotifiers notifiers() {
    return notifiers;
  }

  /** Its page tables. */
  public PageTables tables() {
    return tables;
  }

  /** The mmap lock: first in the lock order. */
  public RwSemaphore mmapLock() {
    return mmapLock;
  }

  /** One past the last address of user space, {@code TASK_SIZE_MAX}. */
  public long taskSizeMax() {
    return context.geometry().userEnd();
  }

  /** Bytes of a base page. */
  public long pageBytes() {
    return context.geometry().pageBytes();
  }

  boolean isUserAddress(long address) {
    return address >= 0 && address < taskSizeMax();
  }

  /** Whether a page was ever pinned through this mm ({@code MMF_HAS_PINNED}). */
  public boolean hasPinned() {
    return hasPinned;
  }

  /** Notes that a page is about to be pinned; never undone. */
  public void setHasPinned() {
    if (!hasPinned) {
      hasPinned = true;
    }
  }

  /** The sequence count that is odd while a fork copies entries ({@code write_protect_seq}). */
  public int writeProtectSeq() {
    return writeProtectSeq.get();
  }

  /** The area that an address lies in, or null. The caller holds the mmap lock. */
  public @Nullable Vma findVma(long address) {
    return vmas.find(address);
  }

  /** The areas that touch a range, in address order. The caller holds the mmap lock. */
  public List<Vma> vmasIn(long start, long end) {
    return vmas.overlapping(start, end);
  }

  /**
   * Makes base pages of the huge entry that maps an address ({@code split_huge_pmd} and {@code
   * split_huge_pud}). The caller holds the mmap lock and no page-table lock.
   */
  public void splitHuge(Vma vma, long address) {
    TlbGather.splitOrZap(vma, address);
  }

  /** All areas in address order, as of now. */
  public List<Vma> vmas() {
    mmapLock.lockRead();
    try {
      return vmas.all();
    } finally {
      mmapLock.unlockRead();
    }
  }

  /**
   * Maps a file, or anonymous memory, at the highest free address that suits it.
   *
   * @param file what to map; null for anonymous memory, which is what a private {@code /dev/zero}
   *     is
   * @param bytes how much, rounded up to a base page
   * @param pgoff file offset in 4 KiB units, a multiple of the base page
   * @return the first address
   * @throws MmException EINVAL for a size that is not positive, ENOMEM without room, and what the
   *     file refuses
   */
  public long mmap(
      @Nullable AddressSpace file, long bytes, long pgoff, boolean shared, boolean writable) {
    return mmap(file, bytes, pgoff, new Vma.Access(shared, true, writable), MapRequest.ANYWHERE);
  }

  /**
   * Maps a file shared and writable, so that a page is written to only when the metadata that lead
   * to it are on the medium ({@code MAP_SHARED_VALIDATE | MAP_SYNC}); else as {@link #mmap}.
   */
  public long mmapSync(AddressSpace file, long bytes, long pgoff) {
    return mmap(file, bytes, pgoff, new Vma.Access(true, true, true, true), MapRequest.ANYWHERE);
  }

  /** Maps without any access ({@code PROT_NONE}); else as {@link #mmap}. */
  public long mmapNoAccess(@Nullable AddressSpace file, long bytes, long pgoff, boolean shared) {
    return mmap(file, bytes, pgoff, new Vma.Access(shared, false, false), MapRequest.ANYWHERE);
  }

  /**
   * Maps what a request says.
   *
   * @return the first address
   * @throws MmException as {@link #mmap}; EINVAL for a fixed place that is none; what populating
   *     runs into, with the mapping in place then
   */
  public long mmap(MapRequest request) {
    Vma.Access how = new Vma.Access(request.shared(), request.readable(), request.writable());
    long start = mmap(request.file(), request.bytes(), request.pgoff(), how, request.fixedAt());
    if (request.populate()) {
      populate(start, request.bytes(), request.writable());
    }
    return start;
  }

  @KernelFunction("do_mmap")
  private long mmap(
      @Nullable AddressSpace file, long bytes, long pgoff, Vma.Access how, long fixedAt) {
    MmapChecks.arguments(this, file, bytes, pgoff, how);
    long rounded = PageMath.alignUp(bytes, pageBytes());
    if (file == null && how.shared()) {
      return mmapSharedMemory(rounded, how, fixedAt);
    }
    List<Vma> gone = List.of();
    mmapLock.lockWrite();
    try {
      checkAlive();
      long start = fixedAt;
      if (fixedAt == MapRequest.ANYWHERE) {
        start = findRoom(file, rounded, pgoff);
      } else {
        gone = munmapLocked(fixedAt, rounded);
      }
      mapAt(start, rounded, file, pgoff, how);
      return start;
    } finally {
      mmapLock.unlockWrite();
      gone.forEach(Mm::released);
    }
  }

  /** {@code shmem_zero_setup}: a file of RAM that has no name and goes with its last mapping. */
  private long mmapSharedMemory(long bytes, Vma.Access how, long fixedAt) {
    RamFile memory = RamFile.create(context, "/dev/zero (deleted)", bytes);
    try {
      return mmap(memory.space(), bytes, 0, how, fixedAt);
    } finally {
      memory.release();
    }
  }

  private void mapAt(
      long start, long bytes, @Nullable AddressSpace file, long pgoff, Vma.Access how) {
    long offset = file == null ? start >>> PageMath.PAGE_SHIFT : pgoff;
    AnonVma anon = how.shared() ? null : context.ordinary().anonVmas().create();
    Vma vma = new Vma(this, start, start + bytes, offset, new Vma.Backing(how, file, anon, 0));
    int flags = 0;
    try {
      if (file != null) {
        file.file().mmap(vma);
        flags = flagsOf(vma, file);
      }
    } catch (MmException e) {
      // What the file has inserted until then (vm_insert_page).
      TlbGather.zap(vma, vma.start(), vma.end());
      if (anon != null) {
        context.ordinary().anonVmas().forget(anon);
      }
      throw e;
    }
    link(flags == 0 ? vma : vma.withFlags(flags));
  }

  /** What kind of area a file has made of it, by what it has mapped there or will. */
  private int flagsOf(Vma vma, AddressSpace file) {
    if (file.mapsFrames()) {
      return VmFlag.PFNMAP | VmFlag.IO;
    }
    LeafList inserted = LeafList.of(vma);
    if (inserted.size() == 0) {
      return 0;
    }
    boolean frames =
        Pte.isSpecial(FaultHandler.entryAt(vma, inserted.address(0), inserted.level(0)));
    return frames ? VmFlag.PFNMAP | VmFlag.IO : VmFlag.MIXEDMAP;
  }

  /** The highest free place for a mapping; ENOMEM without one. */
  private long findRoom(@Nullable AddressSpace file, long bytes, long pgoff) {
    long align = file == null ? pageBytes() : Math.max(pageBytes(), file.mappingAlignBytes(bytes));
    long top = Math.min(MAP_WINDOW_END, taskSizeMax());
    long at = vmas.findGap(bytes, align, pgoff << PageMath.PAGE_SHIFT, top);
    if (at < 0) {
      throw MmapChecks.noRoom(this, bytes, align);
    }
    return at;
  }

  /** The highest free place for what an area maps. */
  long findRoom(Vma vma, long bytes, long pgoff) {
    if (vma.has(VmFlag.HUGETLB)) {
      long top = Math.min(MAP_WINDOW_END, taskSizeMax());
      return vmas.findGap(bytes, vma.granuleBytes(), 0, top);
    }
    return findRoom(vma.file(), bytes, vma.file() == null ? 0 : pgoff);
  }

  /**
   * The huge zero page, which this mm keeps from now on.
   *
   * @throws MmException ENOMEM without room for it
   */
  long hugeZeroPfn() {
    hugeZeroLock.lock();
    try {
      if (hugeZeroPfn < 0) {
        hugeZeroPfn = context.ordinary().hugePages().getZero(context);
      }
      return hugeZeroPfn;
    } finally {
      hugeZeroLock.unlock();
    }
  }

  /** Nothing maps the huge zero page any more. */
  private void putHugeZero() {
    hugeZeroLock.lock();
    boolean held = hugeZeroPfn >= 0;
    hugeZeroPfn = -1;
    hugeZeroLock.unlock();
    if (held) {
      context.ordinary().hugePages().putZero(context);
    }
  }

  /** The areas; the caller holds the mmap lock. */
  VmaTree areas() {
    return vmas;
  }

  /** Makes a new area known to all who look for areas. */
  void link(Vma vma) {
    AddressSpace file = vma.file();
    if (file != null) {
      file.link(vma);
    }
    AnonVma anon = vma.anonVma();
    if (anon != null) {
      anon.link(vma);
    }
    vmas.add(vma);
  }

  /** Puts other areas in the place of one, for all who look for areas. */
  void replace(Vma vma, List<Vma> others) {
    AddressSpace file = vma.file();
    if (file != null) {
      file.replace(vma, others);
    }
    AnonVma anon = vma.anonVma();
    if (anon != null) {
      anon.replace(vma, others);
    }
    vmas.remove(vma);
    others.forEach(vmas::add);
  }

  /** Maps private hugetlb pages of the default size; else as the other. */
  public long mmapHugetlb(long bytes) {
    return mmapHugetlb(bytes, context.ordinary().hugetlb().byDefault(), false, true);
  }

  /**
   * Maps anonymous memory made of hugetlb pages ({@code MAP_HUGETLB}), which are promised to the
   * mapping at once.
   *
   * @param bytes how much, rounded up to a page of the pool
   * @throws MmException EINVAL for a size that is not positive; ENOMEM if the pool has not that
   *     many pages to promise, or without room
   */
  public long mmapHugetlb(long bytes, HugetlbPool pool, boolean shared, boolean writable) {
    Vma.Access how = new Vma.Access(shared, true, writable);
    MmapChecks.arguments(this, null, bytes, 0, how);
    long rounded = PageMath.alignUp(bytes, pool.pageBytes());
    if (shared) {
      RamFile memory = RamFile.createHuge(context, "/anon_hugepage (deleted)", rounded, pool);
      try {
        return mmap(memory.space(), rounded, 0, how, MapRequest.ANYWHERE);
      } finally {
        memory.release();
      }
    }
    pool.reserve(context, rounded / pool.pageBytes());
    boolean mapped = false;
    mmapLock.lockWrite();
    try {
      checkAlive();
      long start = mapHugetlb(rounded, pool, how);
      mapped = true;
      return start;
    } finally {
      mmapLock.unlockWrite();
      if (!mapped) {
        pool.unreserve(rounded / pool.pageBytes());
      }
    }
  }

  private long mapHugetlb(long bytes, HugetlbPool pool, Vma.Access how) {
    long top = Math.min(MAP_WINDOW_END, taskSizeMax());
    long start = vmas.findGap(bytes, pool.pageBytes(), 0, top);
    if (start < 0) {
      throw MmapChecks.noRoom(this, bytes, pool.pageBytes());
    }
    int size = pool.level() == Geometry.PUD ? VmFlag.HUGETLB_PUD : 0;
    int flags = VmFlag.HUGETLB | VmFlag.RESERVES | size;
    AnonVma anon = context.ordinary().anonVmas().create();
    Vma.Backing backing = new Vma.Backing(how, null, anon, flags);
    link(new Vma(this, start, start + bytes, start >>> PageMath.PAGE_SHIFT, backing));
    return start;
  }

  /**
   * Unmaps a range; areas that reach beyond it are split.
   *
   * @param start a multiple of the base page
   * @param bytes how much, rounded up to a base page
   * @throws MmException EINVAL for a range that is not one of user space, or where a file refuses
   *     to be split; nothing changed then
   */
  @KernelFunction("do_munmap")
  public void munmap(long start, long bytes) {
    List<Vma> areas;
    mmapLock.lockWrite();
    try {
      areas = munmapLocked(start, bytes);
    } finally {
      mmapLock.unlockWrite();
    }
    areas.forEach(Mm::released);
  }

  /** Unmaps a range; returns the areas that it touched. The mmap lock is held as a writer. */
  List<Vma> munmapLocked(long start, long bytes) {
    MmapChecks.unmapRange(this, start, bytes);
    long end = start + PageMath.alignUp(bytes, pageBytes());
    List<Vma> areas = vmas.overlapping(start, end);
    for (Vma vma : areas) {
      MmapChecks.maySplit(vma, start);
      MmapChecks.maySplit(vma, end);
    }
    areas.forEach(vma -> unmapPart(vma, Math.max(start, vma.start()), Math.min(end, vma.end())));
    tables.freeEmptyTables(start, end);
    return areas;
  }

  /**
   * Changes what accesses a range allows ({@code mprotect}).
   *
   * @param start a multiple of the base page
   * @throws MmException EINVAL for a range that is none, or where a file refuses to be split;
   *     ENOMEM if not all of it is mapped; nothing changed then
   */
  @KernelFunction("do_mprotect_pkey")
  public void mprotect(long start, long bytes, boolean read, boolean write) {
    AreaRange range = AreaRange.of(this, "mprotect", start, bytes);
    mmapLock.lockWrite();
    try {
      range.requireMapped();
      for (Vma vma : range.isolate()) {
        Vma changed = vma.withProtection(read, write);
        replace(vma, List.of(changed));
        ChangeProtection.run(changed);
      }
    } finally {
      mmapLock.unlockWrite();
    }
  }

  /**
   * Shrinks, grows or moves a mapping; pages move with it.
   *
   * @param start a multiple of the base page
   * @param flags {@link #MREMAP_MAYMOVE} and its like
   * @param newStart where to, with {@link #MREMAP_FIXED}; what is mapped there goes
   * @return the first address of the mapping now
   * @throws MmException EINVAL for arguments that do not fit together, or if a file refuses to be
   *     split; EFAULT where not one area is mapped; ENOMEM without room
   */
  @KernelFunction("do_mremap")
  public long mremap(long start, long oldBytes, long newBytes, int flags, long newStart) {
    long from = AreaRange.of(this, "mremap", start, oldBytes).start();
    long to = AreaRange.of(this, "mremap", newStart, newBytes).start();
    long oldRounded = PageMath.alignUp(oldBytes, pageBytes());
    long newRounded = PageMath.alignUp(newBytes, pageBytes());
    List<Vma> touched = new ArrayList<>();
    mmapLock.lockWrite();
    try {
      touched.addAll(vmas.overlapping(from, from + oldRounded));
      touched.addAll(vmas.overlapping(to, to + newRounded));
      return new Mremap(this, from, oldRounded, newRounded, flags, to).run();
    } finally {
      mmapLock.unlockWrite();
      touched.forEach(Mm::released);
    }
  }

  /**
   * Follows advice about a range ({@code madvise}).
   *
   * @param start a multiple of the base page
   * @throws MmException EINVAL for a range that is none, and for advice that its memory cannot
   *     follow; ENOMEM if not all of it is mapped; EFAULT if populating fails
   */
  @KernelFunction("do_madvise")
  public void madvise(long start, long bytes, MemoryAdvice advice) {
    AreaRange range = AreaRange.of(this, "madvise", start, bytes);
    switch (advice) {
      case DONTNEED -> locked(() -> Madvise.dontNeed(range));
      case FREE -> locked(() -> Madvise.free(range));
      case POPULATE_READ -> locked(() -> Madvise.populate(range, false));
      case POPULATE_WRITE -> locked(() -> Madvise.populate(range, true));
      case HUGEPAGE, NOHUGEPAGE, DONTFORK, DOFORK -> {
        mmapLock.lockWrite();
        try {
          Madvise.changeAreas(range, advice);
        } finally {
          mmapLock.unlockWrite();
        }
      }
    }
  }

  private void locked(Runnable action) {
    mmapLock.lockRead();
    try {
      action.run();
    } finally {
      mmapLock.unlockRead();
    }
  }

  /** Faults all pages of a range in, as {@code MAP_POPULATE} does. */
  private void populate(long start, long bytes, boolean write) {
    AreaRange range = AreaRange.of(this, "populate", start, bytes);
    locked(() -> Madvise.populate(range, write));
  }

  /** {@code fput} of the file of an area that is gone, after the locks were given back. */
  private static void released(Vma vma) {
    AddressSpace file = vma.file();
    if (file != null) {
      file.released();
    }
  }

  private void unmapPart(Vma vma, long from, long to) {
    vma.unreservePart(from, to);
    vma.zapPart(from, to);
    List<Vma> left = new ArrayList<>(2);
    if (vma.start() < from) {
      left.add(vma.part(vma.start(), from));
    }
    if (to < vma.end()) {
      left.add(vma.part(to, vma.end()));
    }
    replace(vma, left);
  }

  /**
   * Copies this address space into the empty one of a child: areas, and the entries of private
   * memory, which both then share until one writes. The child faults pages of files afresh.
   *
   * @throws MmException ENOMEM; the child has exited then
   */
  @KernelFunction("dup_mmap")
  void copyTo(Mm child) {
    mmapLock.lockWrite();
    try {
      checkAlive();
      writeProtectSeq.incrementAndGet();
      boolean protectedSome = false;
      for (Vma vma : vmas.all()) {
        protectedSome |= !vma.has(VmFlag.DONTCOPY) && copyArea(vma, child);
      }
      if (protectedSome) {
        // Stores that still go through an entry as it was before are over now (flush_tlb_mm).
        context.sync().rcu().synchronize();
      }
    } catch (MmException e) {
      child.exit();
      throw e;
    } finally {
      writeProtectSeq.updateAndGet(seq -> seq + (seq & 1));
      mmapLock.unlockWrite();
    }
  }

  /**
   * Pages of files are left for the child to fault in, unless some of them were copied.
   *
   * @return whether entries of the parent may have been write-protected
   */
  private static boolean copyArea(Vma vma, Mm child) {
    Vma copy = vma.copyFor(child);
    child.link(copy);
    AnonVma anon = vma.anonVma();
    boolean mappedOnce = vma.has(VmFlag.PFNMAP | VmFlag.MIXEDMAP);
    boolean shares = mappedOnce || anon != null && anon.isUsed();
    if (shares) {
      MmuNotifiers.Event event = MmuNotifiers.Event.PROTECTION_PAGE;
      vma.mm()
          .notifiers
          .around(
              new MmuNotifiers.Range(vma.start(), vma.end(), event, null),
              () -> ForkCopy.run(vma, copy));
    }
    return shares;
  }

  /**
   * Gives a private area a page of its own at an address, so that a pin of it stays what the area
   * maps ({@code faultin_page} with {@code FAULT_FLAG_UNSHARE}); the caller holds the mmap lock.
   *
   * @return {@link VmFault} codes
   */
  public int unshareLocked(long address) {
    return FaultHandler.unshare(isUserAddress(address) ? vmas.find(address) : null, address);
  }

  /** Unmaps everything, for good ({@code exit_mmap}). A second call does nothing. */
  @KernelFunction("exit_mmap")
  void exit() {
    List<Vma> areas;
    mmapLock.lockWrite();
    try {
      exited = true;
      areas = vmas.all();
      areas.forEach(vma -> unmapPart(vma, vma.start(), vma.end()));
      tables.freeEmptyTables(0, taskSizeMax());
      putHugeZero();
    } finally {
      mmapLock.unlockWrite();
    }
    areas.forEach(Mm::released);
  }

  private void checkAlive() {
    if (exited) {
      throw new MmException(Errno.EINVAL, toString(), "has exited", "a live task", "");
    }
  }

  /**
   * Handles a page fault ({@code handle_mm_fault} with the mmap lock taken and given back).
   *
   * @return {@link VmFault} codes; 0 or NOPAGE when the address is mapped now, or was just now
   */
  @KernelFunction("handle_mm_fault")
  public int handleFault(long address, boolean write) {
    mmapLock.lockRead();
    try {
      return handleFaultLocked(address, write);
    } finally {
      mmapLock.unlockRead();
    }
  }

  /** Handles a page fault; the caller holds the mmap lock, which stays held. */
  @KernelFunction("__handle_mm_fault")
  public int handleFaultLocked(long address, boolean write) {
    return FaultHandler.handle(isUserAddress(address) ? vmas.find(address) : null, address, write);
  }

  /**
   * Loads a byte.
   *
   * @throws TaskSignal SIGSEGV without an area that allows it, SIGBUS if its file has no page there
   * @throws MmException ENOMEM without RAM
   */
  public byte load(long address) {
    return access.load(address);
  }

  /**
   * Stores a byte.
   *
   * @throws TaskSignal as {@link #load}
   * @throws MmException ENOMEM without RAM, ENOSPC if the device's file cannot grow
   */
  public void store(long address, byte value) {
    access.store(address, value);
  }

  /**
   * Loads bytes, page by page; as {@link #load}.
   *
   * @throws TaskSignal as {@link #load}
   */
  public void read(long address, byte[] to) {
    access.read(address, to);
  }

  /**
   * Stores bytes, page by page; as {@link #store}. What was stored before a page that cannot be
   * stays stored.
   *
   * @throws TaskSignal as {@link #store}
   */
  public void write(long address, byte[] from) {
    access.write(address, from);
  }

  /** Stores a byte at the start of every page of a range. */
  public void touch(long start, long bytes, byte value) {
    access.touch(start, bytes, value, nrPages -> {});
  }

  /**
   * Stores a byte at the start of every page of a range; far quicker than page by page.
   *
   * @param start a multiple of 4 KiB
   * @param progress told now and then how many pages are done, and at the end
   * @throws TaskSignal as {@link #store}; the pages before the address are touched then
   */
  public void touch(long start, long bytes, byte value, LongConsumer progress) {
    access.touch(start, bytes, value, progress);
  }

  @Override
  public String toString() {
    return "pid " + pid;
  }
}
