package dev.pgmap.core.mm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.FaultRequest;
import dev.pgmap.api.mm.MappableFile;
import dev.pgmap.api.mm.VmArea;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.core.pgmap.DevPagemap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A device node that maps its memory with entries of exactly its alignment, as device-dax does. */
final class TestDevice implements MappableFile {
  final DevPagemap pgmap;
  final AddressSpace space;
  final long start;
  final long bytes;

  /** The orders of the first few faults. */
  final List<Integer> ordersTried = new CopyOnWriteArrayList<>();

  private final long align;
  private final int order;
  private volatile boolean alive = true;

  TestDevice(MmLab lab, DevPagemap pgmap, String name, long start, long bytes, long align) {
    this.pgmap = pgmap;
    this.start = start;
    this.bytes = bytes;
    this.align = align;
    this.order = Long.numberOfTrailingZeros(align) - 12;
    this.space = lab.spaces.create(name, this);
  }

  long pfn(long pgoff) {
    return (start >>> 12) + pgoff;
  }

  void die() {
    alive = false;
  }

  @Override
  public void mmap(VmArea vma) {
    if (!vma.isShared() || vma.start() % align != 0 || vma.end() % align != 0) {
      throw new MmException(Errno.EINVAL, "device", "unfit area", "shared and aligned", "");
    }
  }

  @Override
  public int fault(FaultRequest fault) {
    if (ordersTried.size() < 32) {
      ordersTried.add(fault.order());
    }
    if (!alive) {
      return VmFault.SIGBUS;
    }
    if (fault.order() != order) {
      return fault.order() > order ? VmFault.FALLBACK : VmFault.SIGBUS;
    }
    long pgoff = fault.pgoff() & -1L << order;
    return (pgoff << 12) + align > bytes ? VmFault.SIGBUS : fault.insert(pfn(pgoff));
  }

  @Override
  public long mappingAlignBytes() {
    return align;
  }

  @Override
  public void maySplit(VmArea vma, long address) {
    if (address % align != 0) {
      throw new MmException(
          Errno.EINVAL, "device", "split at 0x%x".formatted(address), "aligned", "");
    }
  }
}
