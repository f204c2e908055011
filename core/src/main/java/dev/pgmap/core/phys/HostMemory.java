package dev.pgmap.core.phys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The few memory calls of the host's C library, with x86-64 Linux constants.
 *
 * <p>Stateless apart from its handles; thread-safe.
 */
final class HostMemory {
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 0x1;
  private static final int MAP_PRIVATE = 0x2;
  private static final int MAP_FIXED = 0x10;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_NORESERVE = 0x4000;
  private static final int MADV_DONTNEED = 4;
  private static final int MADV_HUGEPAGE = 14;
  private static final int O_RDWR_CLOEXEC = 0x2 | 0x80000;
  private static final int FALLOC_KEEP_SIZE_PUNCH_HOLE = 0x1 | 0x2;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final int LOCK_EXCLUSIVE_NOW = 0x2 | 0x4;
  private static final int LOCK_RELEASE = 0x8;
  private static final int HOST_ENXIO = 6;
  private static final int HOST_ENOSPC = 28;

  private static final MemoryLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private final MethodHandle mmap =
      bind("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
  private final MethodHandle munmap = bind("munmap", JAVA_INT, ADDRESS, JAVA_LONG);
  private final MethodHandle madvise = bind("madvise", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private final MethodHandle open = bindVariadicOpen();
  private final MethodHandle close = bind("close", JAVA_INT, JAVA_INT);
  private final MethodHandle flock = bind("flock", JAVA_INT, JAVA_INT, JAVA_INT);
  private final MethodHandle fallocate =
      bind("fallocate", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private final MethodHandle lseek = bind("lseek", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);

  private static MethodHandle bind(String name, MemoryLayout result, MemoryLayout... args) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, args),
        Linker.Option.captureCallState("errno"));
  }

  private static MethodHandle bindVariadicOpen() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("open"),
        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(2));
  }

  /** Reserves address space that reads as zeroes and costs nothing until it is written. */
  MemorySegment reserve(long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment capture = arena.allocate(CAPTURE);
      int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
      MemorySegment at =
          (MemorySegment)
              mmap.invokeExact(capture, MemorySegment.NULL, bytes, PROT_READ_WRITE, flags, -1, 0L);
      if (at.address() == -1) {
        throw failed(Errno.ENOMEM, "physical address space of " + (bytes >> 30) + " GiB", capture);
      }
      return at;
    } catch (MmException e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException("mmap", t);
    }
  }

  /** Maps a file, shared, over a part of a reservation. */
  void mapFile(MemorySegment at, long bytes, int fd, String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment capture = arena.allocate(CAPTURE);
      MemorySegment got =
          (MemorySegment)
              mmap.invokeExact(capture, at, bytes, PROT_READ_WRITE, MAP_SHARED | MAP_FIXED, fd, 0L);
      if (got.address() != at.address()) {
        throw failed(Errno.EIO, "device file " + name + ": mmap", capture);
      }
    } catch (MmException e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException("mmap", t);
    }
  }

  void unmap(MemorySegment at, long bytes) {
    callInt(munmap, at, bytes);
  }

  /** Gives anonymous memory back; it reads as zeroes afterwards. */
  void discard(MemorySegment at, long bytes) {
    advise(at, bytes, MADV_DONTNEED);
  }

  /** Asks for huge host pages, which makes the first touch of large blocks several times faster. */
  void adviseHuge(MemorySegment at, long bytes) {
    advise(at, bytes, MADV_HUGEPAGE);
  }

  private void advise(MemorySegment at, long bytes, int advice) {
    try (Arena arena = Arena.ofConfined()) {
      int ignored = (int) madvise.invokeExact(arena.allocate(CAPTURE), at, bytes, advice);
    } catch (Throwable t) {
      throw new IllegalStateException("madvise", t);
    }
  }

  private static void callInt(MethodHandle handle, MemorySegment at, long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      int ignored = (int) handle.invokeExact(arena.allocate(CAPTURE), at, bytes);
    } catch (Throwable t) {
      throw new IllegalStateException("host memory call", t);
    }
  }

  /** Opens an existing file for reading and writing; returns its descriptor. */
  int open(String path) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment capture = arena.allocate(CAPTURE);
      int fd = (int) open.invokeExact(capture, arena.allocateFrom(path), O_RDWR_CLOEXEC, 0);
      if (fd < 0) {
        throw failed(Errno.EIO, "device file " + path + ": open", capture);
      }
      return fd;
    } catch (MmException e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException("open", t);
    }
  }

  /**
   * Takes a file for this descriptor alone; given back by {@link #unlock}, by {@link #close}, or
   * when the process ends.
   *
   * @return false if another descriptor has it, of any process
   */
  boolean tryLock(int fd) {
    return flock(fd, LOCK_EXCLUSIVE_NOW) == 0;
  }

  void unlock(int fd) {
    flock(fd, LOCK_RELEASE);
  }

  private int flock(int fd, int operation) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) flock.invokeExact(arena.allocate(CAPTURE), fd, operation);
    } catch (Throwable t) {
      throw new IllegalStateException("flock", t);
    }
  }

  void close(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      int ignored = (int) close.invokeExact(arena.allocate(CAPTURE), fd);
    } catch (Throwable t) {
      throw new IllegalStateException("close", t);
    }
  }

  /**
   * Allocates disk blocks for a part of a file, so that writing there cannot fail later.
   *
   * @throws MmException ENOSPC if the disk is full, EIO if the file system cannot do it
   */
  void allocateBlocks(int fd, long offset, long bytes, String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment capture = arena.allocate(CAPTURE);
      if ((int) fallocate.invokeExact(capture, fd, 0, offset, bytes) != 0) {
        int number = (int) ERRNO.get(capture, 0L);
        if (number != HOST_ENOSPC) {
          throw failed(Errno.EIO, "device file " + name + ": fallocate", capture);
        }
        throw new MmException(
            Errno.ENOSPC,
            "device file " + name,
            "no disk space for " + bytes + " bytes at offset " + offset,
            "a file system that can hold what is written to the device",
            "free disk space or move the file");
      }
    } catch (MmException e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException("fallocate", t);
    }
  }

  /** Turns a part of a file into a hole that reads as zeroes. */
  void punchHole(int fd, long offset, long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      int ignored =
          (int)
              fallocate.invokeExact(
                  arena.allocate(CAPTURE), fd, FALLOC_KEEP_SIZE_PUNCH_HOLE, offset, bytes);
    } catch (Throwable t) {
      throw new IllegalStateException("fallocate", t);
    }
  }

  /** The first offset at or after {@code from} that holds data, or -1 if only holes follow. */
  long nextData(int fd, long from) {
    return seek(fd, from, SEEK_DATA, from);
  }

  /** The first offset at or after {@code from} that is in a hole; the file's end counts as one. */
  long nextHole(int fd, long from, long fileBytes) {
    return seek(fd, from, SEEK_HOLE, fileBytes);
  }

  private long seek(int fd, long from, int whence, long ifUnsupported) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment capture = arena.allocate(CAPTURE);
      long at = (long) lseek.invokeExact(capture, fd, from, whence);
      if (at >= 0) {
        return at;
      }
      return (int) ERRNO.get(capture, 0L) == HOST_ENXIO ? -1 : ifUnsupported;
    } catch (Throwable t) {
      throw new IllegalStateException("lseek", t);
    }
  }

  private static MmException failed(Errno errno, String what, MemorySegment capture) {
    int number = (int) ERRNO.get(capture, 0L);
    return new MmException(errno, what + " failed on the host with errno " + number);
  }
}
