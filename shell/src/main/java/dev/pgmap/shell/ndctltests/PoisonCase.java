package dev.pgmap.shell.ndctltests;

import static dev.pgmap.shell.ndctltests.Checks.check;

import dev.pgmap.api.Errno;
import dev.pgmap.core.failure.ErrorInjection;
import dev.pgmap.core.failure.ErrorInjection.Advice;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.mm.SigInfo;
import dev.pgmap.core.mm.Task;

/**
 * {@code test_dax_poison}: device memory cannot be taken offline softly; poisoned, it is unmapped
 * and the task told where and how much.
 *
 * @param task whose memory is mapped
 * @param mappingBytes the size of the mapping's entries
 */
record PoisonCase(Machine machine, Task task, long mappingBytes) {
  private static final long PAGE_BYTES = 4096;

  /** On a mapping of two entries, which are both made first ({@code MAP_POPULATE}). */
  void run(long address) {
    task.mm().store(address, (byte) 1);
    task.mm().store(address + mappingBytes, (byte) 1);
    ErrorInjection injection = machine.errorInjection();
    Checks.fails(
        () -> injection.madvise(task, address, PAGE_BYTES, Advice.SOFT_OFFLINE),
        "soft offline of device memory",
        Errno.EIO,
        Errno.EOPNOTSUPP,
        Errno.EBUSY,
        Errno.EINVAL);
    injection.madvise(task, address, PAGE_BYTES, Advice.HWPOISON);
    SigInfo signal = task.takeSignal();
    check(signal != null, "the task gets a signal");
    if (signal != null) {
      check(signal.code() == SigInfo.BUS_MCEERR_AR, "the access is at fault: " + signal);
      check(signal.address() == address, "the address is the one poisoned: " + signal);
      int lsb = Long.numberOfTrailingZeros(mappingBytes);
      check(signal.addressLsb() == lsb, "the size is that of the entry: " + signal);
    }
  }
}
