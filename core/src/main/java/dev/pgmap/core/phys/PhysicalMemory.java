package dev.pgmap.core.phys;

import static dev.pgmap.core.phys.PageMath.PAGE_BYTES;
import static dev.pgmap.core.phys.PageMath.PAGE_SHIFT;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * All bytes of the machine, RAM and devices, at their physical addresses.
 *
 * <p>One reservation of host address space stands for the physical address space from 0 up; host
 * memory is used only for pages that were written. A page that has only ever seen zeroes is known
 * by one bit and costs nothing, so that a program may touch every page of a device far larger than
 * the host's memory. A device may be backed by a file: then its part of the reservation is a shared
 * mapping of that file, and what was stored is in the file whatever happens to this process. Disk
 * blocks are allocated before the first byte of a page is stored, so that a full disk is an error
 * of the call that needs the space.
 *
 * <p>Addresses outside the reservation are refused with EFAULT. Thread-safe; bytes are plain
 * memory. After {@link #close} every access throws {@link IllegalStateException}.
 */
public final class PhysicalMemory implements AutoCloseable {
  private static final long HUGE_BYTES = 2L << 20;

  private record Backing(PhysRange range, int fd, String name) {}

  private final MediaErrors mediaErrors = new MediaErrors();

  private final HostMemory host = new HostMemory();
  private final Arena arena = Arena.ofShared();
  private final MemorySegment bytes;
  private final Presence presence;
  private final List<Backing> backings = new CopyOnWriteArrayList<>();

  /**
   * An empty address space.
   *
   * @param endAddress one past the last physical address; rounded up to a page
   * @throws MmException ENOMEM if the host cannot reserve that much address space
   */
  public PhysicalMemory(long endAddress) {
    long size = PageMath.alignUp(endAddress, PAGE_BYTES);
    MemorySegment reserved = host.reserve(size);
    this.bytes = reserved.reinterpret(size, arena, at -> host.unmap(at, size));
    this.presence = new Presence(size >>> PAGE_SHIFT);
  }

  /**
   * Where the host keeps a physical address. For struct pages, which are made of populated memory;
   * good until the range is discarded or this is closed.
   */
  public long hostAddress(long address) {
    checkAddress(address);
    return bytes.address() + address;
  }

  /** One past the last physical address. */
  public long endAddress() {
    return bytes.byteSize();
  }

  /**
   * Backs a device range with a file that exists and has exactly its size, and locks the file.
   *
   * @throws MmException ENOENT, EINVAL, EPERM, EBUSY for a file that backs another range already or
   *     that another machine uses, in whatever process, EFAULT or EIO, with what to do
   */
  public void attachFile(PhysRange range, Path file) {
    checkRange(range);
    checkDeviceFile(range, file);
    checkUnused(file);
    int fd = host.open(file.toString());
    try {
      lock(fd, file.toString());
      host.mapFile(bytes.asSlice(range.start()), range.bytes(), fd, file.toString());
    } catch (MmException e) {
      host.close(fd);
      throw e;
    }
    backings.add(new Backing(range, fd, file.toString()));
    learnPresence(range, fd);
  }

  private void lock(int fd, String file) {
    if (!host.tryLock(fd)) {
      throw new MmException(
          Errno.EBUSY,
          "device file " + file,
          "in use by another machine",
          "a file that no other machine has",
          "end the other pgmap process, or make a copy of the file");
    }
  }

  /** Lets another machine lock the device files; for one that takes this one's place. */
  public void unlockFiles() {
    backings.forEach(backing -> host.unlock(backing.fd));
  }

  /**
   * Takes the device files back after {@link #unlockFiles}.
   *
   * @throws MmException EBUSY if another machine has one now
   */
  public void lockFiles() {
    backings.forEach(backing -> lock(backing.fd, backing.name));
  }

  private static void checkDeviceFile(PhysRange range, Path file) {
    String object = "device file " + file;
    String create = "create it with: truncate -s " + range.bytes() + " " + file;
    if (!Files.exists(file)) {
      throw new MmException(
          Errno.ENOENT, object, "no such file", "a file of " + range.bytes() + " bytes", create);
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file)) {
      throw new MmException(Errno.EINVAL, object, "not a regular file", "a regular file", create);
    }
    if (!Files.isReadable(file) || !Files.isWritable(file)) {
      throw new MmException(
          Errno.EPERM, object, "not readable and writable", "both", "change its permissions");
    }
    long found = sizeOf(file);
    if (found != range.bytes()) {
      throw new MmException(
          Errno.EINVAL, object, found + " bytes", range.bytes() + " bytes", create);
    }
  }

  private void checkUnused(Path file) {
    for (Backing backing : backings) {
      if (isSameFile(file, Path.of(backing.name()))) {
        throw new MmException(
            Errno.EBUSY,
            "device file " + file,
            "backs " + backing.range() + " already",
            "a file for each device",
            "make a copy of it");
      }
    }
  }

  private static boolean isSameFile(Path file, Path other) {
    try {
      return Files.isSameFile(file, other);
    } catch (IOException e) {
      return false;
    }
  }

  private static long sizeOf(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new MmException(Errno.EIO, "device file " + file + ": " + e.getMessage());
    }
  }

  private void learnPresence(PhysRange range, int fd) {
    long size = range.bytes();
    long at = host.nextData(fd, 0);
    while (at >= 0 && at < size) {
      long end = Math.min(size, host.nextHole(fd, at, size));
      presence.setRange(
          (range.start() + at) >>> PAGE_SHIFT,
          (range.start() + PageMath.alignUp(end, PAGE_BYTES)) >>> PAGE_SHIFT);
      at = end < size ? host.nextData(fd, end) : -1;
    }
  }

  /** The byte at a physical address; does not use host memory for a page of zeroes. */
  public byte loadByte(long address) {
    checkAddress(address);
    return presence.get(address >>> PAGE_SHIFT) ? bytes.get(JAVA_BYTE, address) : 0;
  }

  /**
   * Stores a byte; a zero in a page of zeroes costs nothing.
   *
   * @throws MmException ENOSPC if the device's file cannot grow
   */
  public void storeByte(long address, byte value) {
    checkAddress(address);
    long pfn = address >>> PAGE_SHIFT;
    if (!presence.get(pfn)) {
      if (value == 0) {
        return;
      }
      makePresent(pfn, pfn + 1);
    }
    bytes.set(JAVA_BYTE, address, value);
  }

  /** Copies bytes out of the machine. */
  public void read(long address, byte[] to, int offset, int nrBytes) {
    checkSpan(address, nrBytes);
    for (int done = 0; done < nrBytes; ) {
      long at = address + done;
      int n = (int) Math.min(nrBytes - done, PAGE_BYTES - (at & (PAGE_BYTES - 1)));
      if (presence.get(at >>> PAGE_SHIFT)) {
        MemorySegment.copy(bytes, JAVA_BYTE, at, to, offset + done, n);
      } else {
        Arrays.fill(to, offset + done, offset + done + n, (byte) 0);
      }
      done += n;
    }
  }

  /**
   * Copies bytes into the machine; all of the disk space needed is allocated first.
   *
   * @throws MmException ENOSPC if the device's file cannot grow; nothing is stored then
   */
  public void write(long address, byte[] from, int offset, int nrBytes) {
    checkSpan(address, nrBytes);
    Objects.checkFromIndexSize(offset, nrBytes, from.length);
    if (nrBytes > 0) {
      makePresent(address >>> PAGE_SHIFT, ((address + nrBytes - 1) >>> PAGE_SHIFT) + 1);
      MemorySegment.copy(from, offset, bytes, JAVA_BYTE, address, nrBytes);
    }
  }

  /** Whether the page has only ever held zeroes. */
  public boolean isAllZero(long pfn) {
    checkAddress(pfn << PAGE_SHIFT);
    return !presence.get(pfn);
  }

  /**
   * Makes a range writable at its {@link #hostAddress}: allocates its disk blocks, or asks for huge
   * host pages. Its bytes stay as they are.
   *
   * @throws MmException ENOSPC if the device's file cannot grow
   */
  public void populate(PhysRange range) {
    checkRange(range);
    makePresent(range.firstPfn(), range.endPfn());
    if (backingOf(range.start()) == null && range.bytes() >= HUGE_BYTES) {
      host.adviseHuge(bytes.asSlice(range.start()), range.bytes());
    }
  }

  /** Forgets the bytes of a range; it reads as zeroes and uses no host memory or disk. */
  public void discard(PhysRange range) {
    checkRange(range);
    Backing backing = backingOf(range.start());
    presence.clearRange(range.firstPfn(), range.endPfn());
    if (backing == null) {
      host.discard(bytes.asSlice(range.start()), range.bytes());
    } else {
      host.punchHole(backing.fd, range.start() - backing.range.start(), range.bytes());
    }
  }

  private void makePresent(long firstPfn, long endPfn) {
    for (Backing backing : backings) {
      long first = Math.max(firstPfn, backing.range.firstPfn());
      long end = Math.min(endPfn, backing.range.endPfn());
      if (first < end) {
        long offset = (first << PAGE_SHIFT) - backing.range.start();
        host.allocateBlocks(backing.fd, offset, (end - first) << PAGE_SHIFT, backing.name);
      }
    }
    presence.setRange(firstPfn, endPfn);
  }

  private @Nullable Backing backingOf(long address) {
    for (Backing backing : backings) {
      if (address >= backing.range.start() && address <= backing.range.end()) {
        return backing;
      }
    }
    return null;
  }

  private void checkRange(PhysRange range) {
    checkAddress(range.start());
    checkAddress(range.end());
  }

  private void checkSpan(long address, int nrBytes) {
    checkAddress(address);
    checkAddress(nrBytes > 0 ? address + nrBytes - 1 : address);
  }

  private void checkAddress(long address) {
    if (address < 0 || address >= bytes.byteSize()) {
      throw new MmException(
          Errno.EFAULT,
          "physical address 0x%x is outside this machine (0 to 0x%x)"
              .formatted(address, bytes.byteSize() - 1));
    }
  }

  /** What the medium has lost; who reads has to ask. */
  public MediaErrors mediaErrors() {
    return mediaErrors;
  }

  /** Unmaps everything; what device files hold stays in them. */
  @Override
  public void close() {
    arena.close();
    backings.forEach(backing -> host.close(backing.fd));
  }
}
