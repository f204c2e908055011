package dev.pgmap.core.mm;

import dev.pgmap.api.mm.FaultRequest;
import dev.pgmap.api.mm.MappableFile;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A file whose faults the engine handles: they are not serialised against unmapping, since the file
 * has locks of its own for that, and may unmap themselves.
 *
 * <p>Thread-safe.
 */
public interface EngineFile extends MappableFile, UnmapListener {
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

  /**
   * Whether its faults map frames that are no pages ({@code VM_PFNMAP | VM_IO}), by {@link
   * Fault#insertFrame}: gup refuses its areas.
   */
  default boolean mapsFrames() {
    return false;
  }

  /** Keeps what a page offset leads to from changing, until it is released. */
  interface EntryHold {
    /** Nothing to keep. */
    EntryHold NOTHING = () -> {};

    /** The page that the file has there; -1 if it has none, or one that is not its own. */
    default long pfn() {
      return -1;
    }

    void release();
  }

  /**
   * Keeps the entry of a page offset from changing ({@code dax_lock_folio}); waits until nobody
   * else does.
   *
   * @param wanted asked, while the entry cannot change, whether it is still the one that is meant
   * @return null if it is not wanted
   */
  @Nullable EntryHold holdEntry(long pgoff, BooleanSupplier wanted);

  /** Whether its pages are those of a file system on device memory ({@code vma_is_fsdax}). */
  default boolean isFsdax() {
    return false;
  }

  @Override
  default void lastUnmap() {}

  @Override
  default int fault(FaultRequest fault) {
    return handle((Fault) fault);
  }
}
