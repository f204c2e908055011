package dev.pgmap.api.mm;

/**
 * The file and vm operations of something that tasks can map: {@code file_operations.mmap} with its
 * {@code vm_operations_struct}.
 *
 * <p>Thread-safe: tasks fault at the same time.
 */
public interface MappableFile {
  /**
   * Checks a new mapping.
   *
   * @throws dev.pgmap.api.MmException with the errno that mmap returns
   */
  void mmap(VmArea vma);

  /** Handles a fault at the order asked for; returns a {@link VmFault} code. */
  int fault(FaultRequest fault);

  /**
   * The size in bytes that addresses of new mappings are aligned to ({@code get_unmapped_area}).
   */
  long mappingAlignBytes();

  /**
   * Whether an area may be split at this address ({@code may_split}).
   *
   * @throws dev.pgmap.api.MmException EINVAL if it may not
   */
  default void maySplit(VmArea vma, long address) {}
}
