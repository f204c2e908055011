package dev.pgmap.api.devmem;

import dev.pgmap.api.mm.VmArea;
import org.jspecify.annotations.Nullable;

/**
 * The address space of a task, {@code struct mm_struct}, as a driver sees it. Thread-safe.
 *
 * <p>Lock order: the mmap lock, then the driver's own locks.
 */
public interface UserSpace {
  /** Its process id. */
  int pid();

  /** {@code mmap_read_lock}. */
  void lockRead();

  /** {@code mmap_read_unlock}. */
  void unlockRead();

  /** The area that an address lies in, or null; the caller holds the mmap lock. */
  @Nullable VmArea findArea(long address);

  /**
   * {@code copy_from_user}; the caller holds no lock.
   *
   * @throws dev.pgmap.api.MmException EFAULT
   */
  void read(long address, byte[] to);

  /**
   * {@code copy_to_user}; the caller holds no lock.
   *
   * @throws dev.pgmap.api.MmException EFAULT
   */
  void write(long address, byte[] from);

  /** Subscribes to changes of all entries ({@code mmu_interval_notifier_insert}). */
  Mirror mirror(Mirror.Listener listener);

  /**
   * {@code hmm_range_fault}; the caller holds the mmap lock.
   *
   * @param mirror whose notifier says whether the result is good
   * @param seq what {@link Mirror#readBegin} gave
   * @param pfns filled, one element per page as of {@link HmmPfn}
   * @throws dev.pgmap.api.MmException EBUSY to begin again; EFAULT; EPERM for a write to an area
   *     that does not allow it
   */
  void rangeFault(Mirror mirror, long seq, long start, HmmRequest request, long[] pfns);

  /**
   * {@code make_device_exclusive} over a range (one page at a time from 6.15 on): a device uses
   * these pages alone until a CPU touches them. The caller holds the mmap lock.
   *
   * @param pfns filled: locked pages with a reference each; -1 where there is none
   * @return how many pages could be looked at, from the first on
   * @throws dev.pgmap.api.MmException EOPNOTSUPP, EFAULT, EPERM or ENOMEM if none could
   */
  int makeExclusive(long start, String owner, long[] pfns);
}
