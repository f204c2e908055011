package dev.pgmap.core.mm;

import dev.pgmap.api.mm.FaultRequest;
import dev.pgmap.api.mm.MappableFile;

/**
 * A file whose faults the engine handles: they are not serialised against unmapping, since the file
 * has locks of its own for that, and may unmap themselves.
 *
 * <p>Thread-safe.
 */
public interface EngineFile extends MappableFile {
  /**
   * Handles a fault at the level asked for; called without the lock of the address space.
   *
   * @return {@link dev.pgmap.api.mm.VmFault} codes
   */
  int handle(Fault fault);

  /**
   * Whether a fault may be tried with an entry of this level. The file refuses by FALLBACK what
   * does not fit; a file that is asked only for blocks that lie in the area says so here.
   */
  default boolean tries(Vma vma, long address, int level) {
    return vma.holdsBlock(address, level);
  }

  /** The size in bytes that the address of a new mapping of {@code bytes} is aligned to. */
  long mappingAlignBytes(long bytes);

  @Override
  default int fault(FaultRequest fault) {
    return handle((Fault) fault);
  }
}
