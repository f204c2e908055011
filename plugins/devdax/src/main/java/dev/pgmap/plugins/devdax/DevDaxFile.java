package dev.pgmap.plugins.devdax;

import dev.pgmap.api.MmException;
import dev.pgmap.api.dax.DaxDevice;
import dev.pgmap.api.mm.FaultRequest;
import dev.pgmap.api.mm.MappableFile;
import dev.pgmap.api.mm.VmArea;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.trace.KernelFunction;

/**
 * The file and vm operations of a device-dax node.
 *
 * <p>A device is mapped with entries of exactly its alignment: larger faults fall back, smaller
 * ones fail. Whatever is wrong with a fault is a SIGBUS, as in the kernel, which says why only in
 * its debug log.
 */
final class DevDaxFile implements MappableFile {
  private final DaxDevice device;

  DevDaxFile(DaxDevice device) {
    this.device = device;
  }

  @KernelFunction("dax_mmap")
  @Override
  public void mmap(VmArea vma) {
    DevDaxConstraints.checkVma(device, vma);
  }

  @Override
  public long mappingAlignBytes() {
    return device.alignBytes();
  }

  @Override
  public void maySplit(VmArea vma, long address) {
    DevDaxConstraints.checkAligned(device, "split at", address);
  }

  @KernelFunction("dev_dax_huge_fault")
  @Override
  public int fault(FaultRequest fault) {
    if (!isMappable(fault.vma())) {
      return VmFault.SIGBUS;
    }
    int order = DevDaxConstraints.orderOf(device.alignBytes());
    if (order > fault.order()) {
      return VmFault.SIGBUS;
    }
    return order < fault.order() ? VmFault.FALLBACK : insert(fault);
  }

  private boolean isMappable(VmArea vma) {
    try {
      DevDaxConstraints.checkVma(device, vma);
      return true;
    } catch (MmException e) {
      return false;
    }
  }

  /** {@code __dev_dax_{pte,pmd,pud}_fault} after the checks that they share. */
  private int insert(FaultRequest fault) {
    long bytes = device.alignBytes();
    long first = fault.address() & -bytes;
    VmArea vma = fault.vma();
    if (first < vma.start() || first + bytes > vma.end()) {
      return VmFault.SIGBUS;
    }
    long pgoff = vma.pgoff() + ((first - vma.start()) >>> DevDaxConstraints.PAGE_SHIFT);
    long phys = device.pgoffToPhys(pgoff, bytes);
    return phys < 0 ? VmFault.SIGBUS : fault.insert(phys >>> DevDaxConstraints.PAGE_SHIFT);
  }
}
