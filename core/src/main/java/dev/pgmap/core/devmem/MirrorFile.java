package dev.pgmap.core.devmem;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.devmem.DeviceFile;
import dev.pgmap.api.devmem.DeviceMemory;
import dev.pgmap.api.devmem.DevmemFeature;
import dev.pgmap.api.devmem.DevmemKernel;
import dev.pgmap.api.devmem.MirrorCommand;
import dev.pgmap.api.devmem.UserSpace;
import dev.pgmap.api.mm.MappableFile;
import dev.pgmap.api.trace.KernelFunction;

/**
 * An open file of a device that mirrors page tables: its commands.
 *
 * <p>Commands may come from several threads; what they share is the mirror, under its lock.
 */
final class MirrorFile implements DeviceFile {
  private static final long PAGE_MASK = 4095;

  private final DevmemKernel kernel;
  private final DeviceMemory memory;
  private final UserSpace user;
  private final PageMirror mirror;
  private final MirrorAccess access;
  private final MirrorMigration migration;
  private final MirrorMapping mapping;

  MirrorFile(DevmemKernel kernel, DeviceMemory memory, UserSpace user) {
    this.kernel = kernel;
    this.memory = memory;
    this.user = user;
    this.mirror = new PageMirror(kernel, memory, user);
    this.access = new MirrorAccess(kernel.pages(), mirror, user);
    this.migration = new MirrorMigration(kernel, memory, mirror, user);
    this.mapping = new MirrorMapping(kernel.pages());
  }

  @KernelFunction("dmirror_fops_unlocked_ioctl")
  @Override
  public void ioctl(int command, long[] words) {
    MirrorCommand what = checked(command, words);
    long start = words[MirrorCommand.ADDR];
    long end = start + (words[MirrorCommand.NPAGES] << 12);
    words[MirrorCommand.CPAGES] = 0;
    words[MirrorCommand.FAULTS] = 0;
    switch (what) {
      case READ -> access.read(start, end, words);
      case WRITE -> access.write(start, end, words);
      case MIGRATE_TO_DEV -> {
        migration.toDevice(start, end);
        access.readKnown(start, end, words);
      }
      case MIGRATE_TO_SYS -> words[MirrorCommand.CPAGES] = migration.toSystem(start, end);
      case SNAPSHOT -> new MirrorSnapshot(kernel, memory, user).run(start, end, words);
      case EXCLUSIVE -> {
        new MirrorExclusive(mirror, memory, user, kernel).take(start, end);
        access.readKnown(start, end, words);
      }
      case CHECK_EXCLUSIVE -> mirror.checkNotExclusive(start, end);
      case RELEASE -> memory.removeChunks();
      case FLAGS ->
          migration.setFailNext((words[MirrorCommand.NPAGES] & MirrorCommand.FLAG_FAIL_ALLOC) != 0);
    }
  }

  private MirrorCommand checked(int command, long[] words) {
    MirrorCommand[] all = MirrorCommand.values();
    if (command < 0 || command >= all.length || words.length != MirrorCommand.WORDS) {
      throw invalid("command %d with %d words".formatted(command, words.length), "a command");
    }
    long bytes = words[MirrorCommand.NPAGES] << 12;
    long start = words[MirrorCommand.ADDR];
    if ((start & PAGE_MASK) != 0 || start < 0 || bytes < 0 || start + bytes < start) {
      throw invalid(
          "%d pages from 0x%x".formatted(words[MirrorCommand.NPAGES], start),
          "a range that begins at a page and does not wrap");
    }
    boolean missing =
        switch (all[command]) {
          case EXCLUSIVE, CHECK_EXCLUSIVE -> !kernel.has(DevmemFeature.EXCLUSIVE);
          case RELEASE -> !kernel.has(DevmemFeature.MIGRATE_RANGE);
          case MIGRATE_TO_SYS -> !kernel.has(DevmemFeature.COHERENT);
          case FLAGS -> !kernel.has(DevmemFeature.LARGE_FOLIOS);
          default -> false;
        };
    if (missing) {
      throw invalid(all[command] + " in this kernel", "a command that this kernel's driver has");
    }
    return all[command];
  }

  private MmException invalid(String found, String expected) {
    return new MmException(Errno.EINVAL, "mirror of " + memory.owner(), found, expected, "");
  }

  @Override
  public MappableFile mappable() {
    return mapping;
  }

  /** {@code dmirror_fops_release}: from 6.1 on, it brings the device's pages back as well. */
  @KernelFunction("dmirror_fops_release")
  @Override
  public void release() {
    mirror.close();
    if (kernel.has(DevmemFeature.MIGRATE_RANGE)) {
      memory.evict();
    }
    mapping.release();
  }
}
