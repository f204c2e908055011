package dev.pgmap.core.fsdax;

import dev.pgmap.api.fs.BlockBytes;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.phys.PhysicalMemory;
import java.lang.invoke.VarHandle;

/** A range of physical memory as a block device. */
record TestBytes(PhysicalMemory memory, PhysRange range) implements BlockBytes {
  @Override
  public String name() {
    return "pmem0";
  }

  @Override
  public long bytes() {
    return range.bytes();
  }

  @Override
  public void read(long offset, byte[] to, int at, int nrBytes) {
    memory.read(range.start() + offset, to, at, nrBytes);
  }

  @Override
  public void write(long offset, byte[] from, int at, int nrBytes) {
    memory.write(range.start() + offset, from, at, nrBytes);
  }

  @Override
  public void zero(long offset, long nrBytes) {
    memory.write(range.start() + offset, new byte[(int) nrBytes], 0, (int) nrBytes);
  }

  @Override
  public void fence() {
    VarHandle.fullFence();
  }

  @Override
  public long physicalPfn(long offset) {
    return (range.start() + offset) >>> 12;
  }
}
