package dev.pgmap.bench;

import dev.pgmap.api.mm.FaultRequest;
import dev.pgmap.api.mm.MappableFile;
import dev.pgmap.api.mm.VmArea;
import dev.pgmap.api.mm.VmFault;

/** A device file whose pages follow each other in memory, mapped with one size of entry. */
record LinearFile(long firstPfn, PageSize size) implements MappableFile {
  @Override
  public void mmap(VmArea vma) {}

  @Override
  public int fault(FaultRequest fault) {
    return fault.order() == size.order()
        ? fault.insert(firstPfn + (fault.pgoff() & -1L << size.order()))
        : VmFault.FALLBACK;
  }

  @Override
  public long mappingAlignBytes() {
    return size.bytes();
  }
}
