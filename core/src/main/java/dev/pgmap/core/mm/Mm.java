package dev.pgmap.core.mm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.phys.PageMath;
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
   * @throws MmException EINVAL for a size that is not positive, ENOMEM without room, EOPNOTSUPP for
   *     shared anonymous memory, and what the file refuses
   */
  public long mmap(
      @Nullable AddressSpace file, long bytes, long pgoff, boolean shared, boolean writable) {
    return mmap(file, bytes, pgoff, new Vma.Access(shared, true, writable));
  }

  /**
   * Maps a file shared and writable, so that a page is written to only when the metadata that lead
   * to it are on the medium ({@code MAP_SHARED_VALIDATE | MAP_SYNC}); else as {@link #mmap}.
   */
  public long mmapSync(AddressSpace file, long bytes, long pgoff) {
    return mmap(file, bytes, pgoff, new Vma.Access(true, true, true, true));
  }

  /** Maps without any access ({@code PROT_NONE}); else as {@link #mmap}. */
  public long mmapNoAccess(@Nullable AddressSpace file, long bytes, long pgoff, boolean shared) {
    return mmap(file, bytes, pgoff, new Vma.Access(shared, false, false));
  }

  @KernelFunction("do_mmap")
  private long mmap(@Nullable AddressSpace file, long bytes, long pgoff, Vma.Access how) {
    MmapChecks.arguments(this, file, bytes, pgoff, how);
    mmapLock.lockWrite();
    try {
      checkAlive();
      Vma vma = place(file, PageMath.alignUp(bytes, pageBytes()), pgoff, how);
      if (file != null) {
        file.file().mmap(vma);
      }
      link(vma);
      return vma.start();
    } finally {
      mmapLock.unlockWrite();
    }
  }

  /** Makes a new area known to all who look for areas. */
  private void link(Vma vma) {
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
  private void replace(Vma vma, List<Vma> others) {
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

  private Vma place(@Nullable AddressSpace file, long bytes, long pgoff, Vma.Access how) {
    long align = file == null ? pageBytes() : Math.max(pageBytes(), file.mappingAlignBytes(bytes));
    long top = Math.min(MAP_WINDOW_END, taskSizeMax());
    long at = vmas.findGap(bytes, align, pgoff << PageMath.PAGE_SHIFT, top);
    if (at < 0) {
      throw MmapChecks.noRoom(this, bytes, align);
    }
    long offset = file == null ? at >>> PageMath.PAGE_SHIFT : pgoff;
    AnonVma anon = how.shared() ? null : context.ordinary().anonVmas().create();
    return new Vma(this, at, at + bytes, offset, new Vma.Backing(how, file, anon, 0));
  }

  /**
   * Maps anonymous huge pages ({@code MAP_HUGETLB}).
   *
   * @throws MmException ENOMEM always: this machine reserves no huge pages, as most kernels do not
   */
  public long mmapHugetlb(long bytes) {
    throw new MmException(
        Errno.ENOMEM,
        this + ": MAP_HUGETLB of " + bytes + " bytes",
        "0 huge pages reserved",
        "enough of them",
        "map without MAP_HUGETLB");
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
    MmapChecks.unmapRange(this, start, bytes);
    long end = start + PageMath.alignUp(bytes, pageBytes());
    List<Vma> areas;
    mmapLock.lockWrite();
    try {
      areas = vmas.overlapping(start, end);
      for (Vma vma : areas) {
        MmapChecks.maySplit(vma, start);
        MmapChecks.maySplit(vma, end);
      }
      areas.forEach(vma -> unmapPart(vma, Math.max(start, vma.start()), Math.min(end, vma.end())));
      tables.freeEmptyTables(start, end);
    } finally {
      mmapLock.unlockWrite();
    }
    areas.forEach(Mm::released);
  }

  /** {@code fput} of the file of an area that is gone, after the locks were given back. */
  private static void released(Vma vma) {
    AddressSpace file = vma.file();
    if (file != null) {
      file.released();
    }
  }

  private void unmapPart(Vma vma, long from, long to) {
    AddressSpace file = vma.file();
    if (file == null) {
      TlbGather.zap(vma, from, to);
    } else {
      file.unmapPart(vma, from, to);
    }
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
        protectedSome |= copyArea(vma, child);
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
    boolean shares = anon != null && anon.isUsed();
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
