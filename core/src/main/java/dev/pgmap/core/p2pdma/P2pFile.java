package dev.pgmap.core.p2pdma;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.FaultRequest;
import dev.pgmap.api.mm.MappableFile;
import dev.pgmap.api.mm.VmArea;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.mm.InsertPage;

/**
 * The file {@code p2pmem/allocate}: a mapping of it is an allocation, whose pages are all mapped at
 * once and go back to the pool with their last user.
 */
record P2pFile(P2pDevice device) implements MappableFile {
  private static final int PAGE_SHIFT = 12;

  /**
   * {@code p2pmem_alloc_mmap}. The references of the mapping take the place of the one that each
   * page got from the pool.
   */
  @KernelFunction("p2pmem_alloc_mmap")
  @Override
  public void mmap(VmArea area) {
    check(area);
    long nrPages = (area.end() - area.start()) >>> PAGE_SHIFT;
    long first = device.reserve(nrPages);
    long handled = 0;
    try {
      while (handled < nrPages) {
        long at = handled++;
        mapOne(area, area.start() + (at << PAGE_SHIFT), first + at);
      }
    } finally {
      device.giveBack(first + handled, nrPages - handled);
      device.endReserve(first);
    }
  }

  /** Kernels whose pages do not tell their driver when they are free map none to user space. */
  private void check(VmArea area) {
    if (!device.engine().pagemaps().policies().scheme().isTold(MemoryType.PCI_P2PDMA)) {
      throw new MmException(
          Errno.EOPNOTSUPP,
          device.path(),
          "a kernel that maps no peer-to-peer memory",
          "5.18 or newer, or its refcount policy",
          "see era and policy");
    }
    if (!area.isShared()) {
      throw refused("attempted private mapping", "a shared one");
    }
    if (area.pgoff() != 0) {
      throw refused("attempted mapping with non-zero offset", "offset 0");
    }
  }

  private MmException refused(String found, String expected) {
    device.engine().log().info("%s: fail, %s", device, found);
    return new MmException(Errno.EINVAL, device.path(), found, expected, "");
  }

  /** A page that cannot be mapped is free again when the reference that it came with goes. */
  private void mapOne(VmArea area, long address, long pfn) {
    device.handOut(pfn);
    try {
      InsertPage.into(area, address, pfn);
    } finally {
      device.engine().mm().put().put(pfn, 1);
    }
  }

  @Override
  public int fault(FaultRequest fault) {
    return VmFault.SIGBUS;
  }

  @Override
  public long mappingAlignBytes() {
    return 1L << PAGE_SHIFT;
  }
}
