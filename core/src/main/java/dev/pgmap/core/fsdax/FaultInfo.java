package dev.pgmap.core.fsdax;

import dev.pgmap.core.mm.Fault;
import dev.pgmap.core.mm.Vma;

/** What trace events tell of a fault, in the kernel's bits. */
record FaultInfo(DaxFile file, Fault fault) {
  private static final long VM_READ = 1;
  private static final long VM_WRITE = 1 << 1;
  private static final long VM_SHARED = 1 << 3;
  private static final long FLAG_WRITE = 1;
  private static final long FLAG_MKWRITE = 1 << 1;

  /** ALLOW_RETRY, KILLABLE, USER and INTERRUPTIBLE: those of a load or store of user space. */
  private static final long FLAGS_OF_USER = 1 << 2 | 1 << 4 | 1 << 6 | 1 << 9;

  long ino() {
    return file.ino();
  }

  long dev() {
    return file.target().dev();
  }

  long vmFlags() {
    Vma vma = fault.vma();
    return (vma.isReadable() ? VM_READ : 0)
        | (vma.isWritable() ? VM_WRITE : 0)
        | (vma.isShared() ? VM_SHARED : 0);
  }

  long flags() {
    return FLAGS_OF_USER
        | (fault.isWrite() ? FLAG_WRITE : 0)
        | (fault.isMkwrite() ? FLAG_MKWRITE : 0);
  }

  /** An event of a fault of one page. */
  @FunctionalInterface
  interface PteEvent {
    void emit(long ino, long vmFlags, long address, long pgoff, long dev, long flags, long result);
  }

  /** An event of a fault of 2 MiB. */
  @FunctionalInterface
  interface PmdEvent {
    void emit(
        long ino,
        long vmStart,
        long vmEnd,
        long vmFlags,
        long address,
        long pgoff,
        long maxPgoff,
        long dev,
        long flags,
        long result);
  }

  /** Emits an event, and hands the result back. */
  int emit(PteEvent event, int result) {
    event.emit(
        file.ino(),
        vmFlags(),
        fault.address(),
        fault.pgoff(),
        file.target().dev(),
        flags(),
        result);
    return result;
  }

  /** The same for a fault of 2 MiB, in a file that has so many pages. */
  int emit(PmdEvent event, long maxPgoff, int result) {
    event.emit(
        file.ino(),
        fault.vma().start(),
        fault.vma().end(),
        vmFlags(),
        fault.address(),
        fault.pgoff(),
        maxPgoff,
        file.target().dev(),
        flags(),
        result);
    return result;
  }
}
