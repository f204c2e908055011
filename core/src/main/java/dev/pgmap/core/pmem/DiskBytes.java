package dev.pgmap.core.pmem;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.BlockBytes;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.phys.MediaErrors;
import dev.pgmap.core.phys.PageMath;
import dev.pgmap.core.phys.PhysicalMemory;
import java.lang.invoke.VarHandle;

/** The data of a pmem device, by offset. Thread-safe. */
public final class DiskBytes implements BlockBytes {
  private final PmemDisk disk;
  private final PhysicalMemory memory;
  private final PhysRange range;

  DiskBytes(PmemDisk disk, PhysicalMemory memory) {
    this.disk = disk;
    this.memory = memory;
    this.range = disk.dataRange();
  }

  /** The device. */
  public PmemDisk disk() {
    return disk;
  }

  @Override
  public String name() {
    return disk.name();
  }

  @Override
  public long bytes() {
    return range.bytes();
  }

  @Override
  public void read(long offset, byte[] to, int at, int nrBytes) {
    long physical = address(offset, nrBytes);
    if (memory.mediaErrors().isLost(physical, nrBytes)) {
      throw new MmException(
          Errno.EIO,
          disk + ": read",
          "the medium has lost some of %d bytes at 0x%x".formatted(nrBytes, offset),
          "sectors that can be read",
          "write them, or ndctl clear-errors");
    }
    memory.read(physical, to, at, nrBytes);
  }

  @Override
  public void write(long offset, byte[] from, int at, int nrBytes) {
    long physical = address(offset, nrBytes);
    memory.write(physical, from, at, nrBytes);
    clearWholeSectors(physical, nrBytes);
  }

  /** A write clears the errors of the sectors that it covers ({@code pmem_clear_poison}). */
  private void clearWholeSectors(long physical, long nrBytes) {
    long start = PageMath.alignUp(physical, MediaErrors.SECTOR_BYTES);
    long end = PageMath.alignDown(physical + nrBytes, MediaErrors.SECTOR_BYTES);
    if (start < end) {
      memory.mediaErrors().clear(new PhysRange(start, end - 1));
    }
  }

  /** Pages that are zero already are left alone, so that zeroing a new device costs nothing. */
  @Override
  public void zero(long offset, long nrBytes) {
    if (((offset | nrBytes) & (PageMath.PAGE_BYTES - 1)) != 0) {
      throw new MmException(
          Errno.EINVAL,
          disk + ": zero",
          "offset %d, %d bytes".formatted(offset, nrBytes),
          "multiples of 4096",
          "");
    }
    long first = address(offset, nrBytes);
    byte[] zeroes = new byte[(int) PageMath.PAGE_BYTES];
    for (long at = first; at < first + nrBytes; at += PageMath.PAGE_BYTES) {
      if (!memory.isAllZero(at >>> PageMath.PAGE_SHIFT)) {
        memory.write(at, zeroes, 0, zeroes.length);
      }
    }
  }

  @Override
  public void fence() {
    VarHandle.fullFence();
  }

  @Override
  public long physicalPfn(long offset) {
    return address(offset, 1) >>> PageMath.PAGE_SHIFT;
  }

  private long address(long offset, long nrBytes) {
    if (offset < 0 || nrBytes < 0 || nrBytes > range.bytes() - offset) {
      throw new MmException(
          Errno.EINVAL,
          disk.toString(),
          "%d bytes at offset %d".formatted(nrBytes, offset),
          "a span within its %d bytes".formatted(range.bytes()),
          "");
    }
    if (!disk.isAlive()) {
      throw new MmException(Errno.EIO, disk.toString(), "the device is gone", "a live one", "");
    }
    return range.start() + offset;
  }
}
