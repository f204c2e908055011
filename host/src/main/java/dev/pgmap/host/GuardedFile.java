package dev.pgmap.host;

import dev.pgmap.api.mm.FaultRequest;
import dev.pgmap.api.mm.MappableFile;
import dev.pgmap.api.mm.VmArea;

/** A plugin's file operations as the engine gets to see them. */
final class GuardedFile implements MappableFile {
  private final MappableFile file;
  private final PluginGuard guard;

  GuardedFile(MappableFile file, PluginGuard guard) {
    this.file = file;
    this.guard = guard;
  }

  @Override
  public void mmap(VmArea vma) {
    guard.run("mmap", () -> file.mmap(vma));
  }

  @Override
  public int fault(FaultRequest fault) {
    return guard.get("fault", () -> file.fault(fault));
  }

  @Override
  public long mappingAlignBytes() {
    return guard.get("mappingAlignBytes", file::mappingAlignBytes);
  }

  @Override
  public void maySplit(VmArea vma, long address) {
    guard.run("maySplit", () -> file.maySplit(vma, address));
  }
}
